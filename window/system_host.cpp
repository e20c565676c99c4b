#include "window/system_host.hpp"

#include "common/system/clock.hpp"
#include "window/manager.hpp"
#include "window/sweep.hpp"
#include "window/texts.hpp"

#include <pwd.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <vector>

namespace rassist::window_unit {
namespace {

constexpr const char* kWindowUnit = "rassist-agent.service";
constexpr std::size_t kPasswdBuffer = 16 * 1024;

/// To the microsecond: whole seconds would let the timer run up to one past the deadline.
std::chrono::microseconds time_until(const Deadline::Boot& deadline) {
	timespec at{};
	::clock_gettime(CLOCK_BOOTTIME, &at);
	const auto passed =
		std::chrono::seconds(at.tv_sec) +
		std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::nanoseconds(at.tv_nsec));
	return std::max(std::chrono::microseconds(std::chrono::seconds(deadline.at)) - passed,
		std::chrono::microseconds(0));
}

/// A user manager of the account's (there is none unless somebody became root and made one) is
/// stopped as a unit, so that it does not end as a failed one.
std::vector<std::string> user_units_of(uid_t uid) {
	return {"user@" + std::to_string(uid) + ".service", "user-" + std::to_string(uid) + ".slice"};
}

}    // namespace

Result<AssistAccount> find_assist_account(const Paths& paths) {
	passwd entry{};
	passwd* found = nullptr;
	std::vector<char> buffer(kPasswdBuffer);
	const int error = ::getpwnam_r(kAssistAccount, &entry, buffer.data(), buffer.size(), &found);
	const std::string who = std::string("the account ") + kAssistAccount;
	if (found == nullptr && error != 0 && error != ENOENT)
		return os_error(error, who);
	if (found == nullptr)
		return Error{Fault::not_found, who + " does not exist; systemd-sysusers makes it"};
	if (found->pw_uid == 0 || found->pw_dir != paths.home())
		return Error{Fault::exists, who + " is somebody else's: its home is " +
										quoted(found->pw_dir) + " and not " + paths.home()};
	return AssistAccount{found->pw_uid, found->pw_gid};
}

Result<Now> SystemHost::now() { return rassist::read_clocks(); }

Status SystemHost::start_timer(const Window& window) {
	if (!window.deadline.boot)
		return Error{Fault::internal, "a window's deadline lacks its boot clock"};
	Result<Manager> manager = Manager::connect();
	if (!manager)
		return std::move(manager).error();
	return manager->start_timer({.name = timer_name_of(window),
		.description = "End of assistance window " + window.id.str(),
		.in = time_until(*window.deadline.boot),
		.calendar = format_calendar_time(window.deadline.wall),
		.stops_with = kWindowUnit});
}

Status SystemHost::stop_timers_except(std::string_view name) {
	Result<Manager> manager = Manager::connect();
	if (!manager)
		return std::move(manager).error();
	const Result<std::vector<std::string>> timers =
		manager->list_active_units(std::string(kTimerPattern));
	if (!timers)
		return timers.error();
	Status all = Done{};
	for (const std::string& timer : *timers) {
		if (timer == name)
			continue;
		if (Status stopped = manager->stop(timer); !stopped)
			all = std::move(stopped);
	}
	return all;
}

Result<bool> SystemHost::is_window_up() {
	Result<Manager> manager = Manager::connect();
	if (!manager)
		return std::move(manager).error();
	const Result<std::vector<std::string>> units = manager->list_active_units(kWindowUnit);
	if (!units)
		return units.error();
	return !units->empty();
}

SweepReport SystemHost::sweep() {
	if (!assist_)
		return {};
	const std::vector<std::string> units = user_units_of(assist_->uid);
	Result<Manager> manager = Manager::connect();
	for (const std::string& unit : units)
		if (manager)
			(void)manager->stop(unit);    // what it does not end the sweep ends
	SweepReport report = sweep_account(plan_sweep(kAssistAccount, assist_->uid, assist_->gid));
	for (const std::string& unit : units)
		if (manager)
			(void)manager->reset_failed(unit);
	return report;
}

void SystemHost::say(const std::string& status) { ::sd_notify(0, ("STATUS=" + status).c_str()); }

void SystemHost::journal(const JournalEntry& entry) { entry.send(); }

}    // namespace rassist::window_unit
