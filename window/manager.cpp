#include "window/manager.hpp"

#include <systemd/sd-bus.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <thread>

namespace rassist::window_unit {
namespace {

// systemctl(1) does the same for root
constexpr const char* kSocket = "unix:path=/run/systemd/private";
constexpr const char* kService = "org.freedesktop.systemd1";
constexpr const char* kPath = "/org/freedesktop/systemd1";
constexpr const char* kInterface = "org.freedesktop.systemd1.Manager";
constexpr std::uint64_t kTimeoutUsec = 5'000'000;
constexpr std::chrono::milliseconds kTimerWait{2000};
constexpr std::chrono::milliseconds kTimerStep{2};

struct MessageCloser {
	void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
};
using BusMessage = std::unique_ptr<sd_bus_message, MessageCloser>;

class BusError {
public:
	BusError() = default;
	BusError(const BusError&) = delete;
	BusError& operator=(const BusError&) = delete;
	~BusError() { sd_bus_error_free(&error_); }
	[[nodiscard]] sd_bus_error* get() noexcept { return &error_; }
	[[nodiscard]] bool is(const char* name) const noexcept {
		return sd_bus_error_has_name(&error_, name) > 0;
	}
	[[nodiscard]] Error about(int negative_errno, const std::string& what) const {
		if (error_.message != nullptr)
			return Error{Fault::unavailable, what + ": " + error_.message, -negative_errno};
		return unavailable(negative_errno, what);
	}
	static Error unavailable(int negative_errno, const std::string& what) {
		Error error = os_error(-negative_errno, what);
		error.code = Fault::unavailable;
		return error;
	}

private:
	sd_bus_error error_ = SD_BUS_ERROR_NULL;
};

/// sd-bus tells a failure by a negative errno; what follows the first failure is not done.
class Appender {
public:
	explicit Appender(sd_bus_message* message) : message_(message) {}
	template <class... Arguments> Appender& add(const char* types, Arguments... arguments) {
		if (result_ >= 0)
			result_ = sd_bus_message_append(message_, types, arguments...);
		return *this;
	}
	Appender& open(char type, const char* contents) {
		if (result_ >= 0)
			result_ = sd_bus_message_open_container(message_, type, contents);
		return *this;
	}
	Appender& close() {
		if (result_ >= 0)
			result_ = sd_bus_message_close_container(message_);
		return *this;
	}
	[[nodiscard]] int result() const noexcept { return result_; }

private:
	sd_bus_message* message_;
	int result_ = 0;
};

std::uint64_t read_monotonic_usec() {
	timespec at{};
	::clock_gettime(CLOCK_MONOTONIC, &at);
	return static_cast<std::uint64_t>(at.tv_sec) * 1'000'000 +
		   static_cast<std::uint64_t>(at.tv_nsec) / 1000;
}

/// Calls the method with one unit's name and a mode, or with the name alone. A unit that is not
/// loaded counts as done.
Status call_unit_method(
	sd_bus* bus, const char* method, const std::string& unit, const char* mode) {
	BusError error;
	const int result = mode != nullptr ? sd_bus_call_method(bus, kService, kPath, kInterface,
											 method, error.get(), nullptr, "ss", unit.c_str(), mode)
									   : sd_bus_call_method(bus, kService, kPath, kInterface,
											 method, error.get(), nullptr, "s", unit.c_str());
	if (result < 0 && !error.is("org.freedesktop.systemd1.NoSuchUnit"))
		return error.about(result, unit);
	return Done{};
}

}    // namespace

void Manager::Closer::operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }

Result<Manager> Manager::connect() {
	sd_bus* raw = nullptr;
	int result = sd_bus_new(&raw);
	if (result < 0)
		return BusError::unavailable(result, "sd-bus");
	Manager manager(raw);
	result = sd_bus_set_address(raw, kSocket);
	if (result >= 0)
		result = sd_bus_set_method_call_timeout(raw, kTimeoutUsec);
	if (result >= 0)
		result = sd_bus_start(raw);
	if (result < 0)
		return BusError::unavailable(
			result, "the system's service manager does not answer at /run/systemd/private");
	return manager;
}

/// When the service manager itself started, CLOCK_MONOTONIC in microseconds: what OnStartupSec=
/// counts from.
Result<std::uint64_t> Manager::read_userspace_start() const {
	BusError error;
	std::uint64_t at = 0;
	const int result = sd_bus_get_property_trivial(bus_.get(), kService, kPath, kInterface,
		"UserspaceTimestampMonotonic", error.get(), 't', &at);
	if (result < 0)
		return error.about(result, "UserspaceTimestampMonotonic");
	return at;
}

Result<std::string> Manager::read_active_state(const std::string& unit) const {
	char* path = nullptr;
	int result = sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit.c_str(), &path);
	if (result < 0)
		return BusError::unavailable(result, unit);
	const std::unique_ptr<char, decltype(&std::free)> path_owner(path, std::free);
	BusError error;
	char* state = nullptr;
	result = sd_bus_get_property_string(bus_.get(), kService, path, "org.freedesktop.systemd1.Unit",
		"ActiveState", error.get(), &state);
	if (result < 0)
		return error.about(result, unit);
	const std::unique_ptr<char, decltype(&std::free)> state_owner(state, std::free);
	return std::string(state);
}

/// The timer has OnStartupSec= and not OnActiveSec=: systemd (252) starts the latter anew at each
/// daemon-reload, so that a package upgrade would lengthen the window where the wall clock is set
/// back. A transient timer can start only the service of its own name: systemd refuses Unit= and
/// Triggers= in StartTransientUnit.
Status Manager::start_timer(const TimerPlan& plan) {
	const Result<std::uint64_t> startup = read_userspace_start();
	if (!startup)
		return startup.error();
	const std::uint64_t elapse =
		read_monotonic_usec() + static_cast<std::uint64_t>(plan.in.count()) - *startup;
	sd_bus_message* raw = nullptr;
	int result = sd_bus_message_new_method_call(
		bus_.get(), &raw, kService, kPath, kInterface, "StartTransientUnit");
	if (result < 0)
		return BusError::unavailable(result, plan.name);
	const BusMessage message(raw);
	Appender call(raw);
	call.add("ss", plan.name.c_str(), "fail").open('a', "(sv)");
	call.add("(sv)", "Description", "s", plan.description.c_str());
	call.add("(sv)", "TimersMonotonic", "a(st)", 1, "OnStartupSec", elapse);
	call.add("(sv)", "TimersCalendar", "a(ss)", 1, "OnCalendar", plan.calendar.c_str());
	call.add("(sv)", "AccuracyUSec", "t", std::uint64_t{1});
	call.add("(sv)", "RemainAfterElapse", "b", 0);
	call.add("(sv)", "StopPropagatedFrom", "as", 1, plan.stops_with.c_str());
	call.add("(sv)", "CollectMode", "s", "inactive-or-failed");
	call.close().add("a(sa(sv))", 0);
	if (call.result() < 0)
		return BusError::unavailable(call.result(), plan.name);
	BusError error;
	result = sd_bus_call(bus_.get(), raw, kTimeoutUsec, error.get(), nullptr);
	if (result < 0) {
		// systemd writes the unit's file below /run/systemd/transient first, and where it cannot,
		// it says that there is no such unit
		const Error failed = error.about(result, plan.name);
		return error.is("org.freedesktop.systemd1.NoSuchUnit")
				   ? failed.within("systemd cannot write it, as when /run is full")
				   : failed;
	}
	// The answer says only that the start is queued, so we wait until it has happened.
	for (auto waited = kTimerStep; waited < kTimerWait; waited += kTimerStep) {
		const Result<std::string> state = read_active_state(plan.name);
		if (!state)
			return state.error();
		if (*state == "active")
			return Done{};
		std::this_thread::sleep_for(kTimerStep);
	}
	return Error{Fault::unavailable, plan.name + " was started and does not run"};
}

Result<std::vector<std::string>> Manager::list_active_units(const std::string& pattern) {
	BusError error;
	sd_bus_message* raw = nullptr;
	int result = sd_bus_call_method(bus_.get(), kService, kPath, kInterface, "ListUnitsByPatterns",
		error.get(), &raw, "asas", 0, 1, pattern.c_str());
	const BusMessage reply(raw);
	if (result < 0)
		return error.about(result, pattern);
	std::vector<std::string> units;
	result = sd_bus_message_enter_container(raw, 'a', "(ssssssouso)");
	while (result >= 0) {
		const char* name = nullptr;
		const char* active = nullptr;
		result = sd_bus_message_read(raw, "(ssssssouso)", &name, nullptr, nullptr, &active, nullptr,
			nullptr, nullptr, nullptr, nullptr, nullptr);
		if (result <= 0)
			break;
		if (std::string_view(active) != "inactive" && std::string_view(active) != "failed")
			units.emplace_back(name);
	}
	if (result < 0)
		return BusError::unavailable(result, pattern);
	return units;
}

Status Manager::stop(const std::string& unit) {
	return call_unit_method(bus_.get(), "StopUnit", unit, "replace");
}

Status Manager::reset_failed(const std::string& unit) {
	return call_unit_method(bus_.get(), "ResetFailedUnit", unit, nullptr);
}

}    // namespace rassist::window_unit
