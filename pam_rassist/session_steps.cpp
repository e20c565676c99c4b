#include "pam_rassist/session_steps.hpp"

#include "common/admission/may_log_in.hpp"
#include "common/admission/origin.hpp"
#include "common/keys/digest.hpp"
#include "common/records/config.hpp"
#include "common/sessions/connection.hpp"
#include "common/sessions/narrowing_mark.hpp"
#include "common/sessions/session_end.hpp"
#include "common/sessions/session_entry.hpp"
#include "common/sessions/spool_entry.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/process.hpp"
#include "pam_rassist/decide.hpp"

#include <algorithm>
#include <chrono>

namespace rassist::pam {
namespace {

/// How long an sshd that is displaced may take to end by itself before it is killed.
constexpr std::chrono::milliseconds kDisplacementGrace{300};
/// How many logins of a device that ask something of the relay may be there at once: it has one,
/// and one that hangs in a dead network or two.
constexpr int kQuestionsMost = 4;

JournalEntry about(
	const Session& session, Priority priority, std::string_view id, const std::string& sentence) {
	return make_session_entry(kProgram, session, priority, id, sentence);
}

/// Nothing of it may stay: the connection ends, and the record goes.
Decision turn_away(World& world, const Session& session, const std::string& reason) {
	if (session.number > 0)
		if (const auto forgotten = forget_session(world.paths(), session); !forgotten)
			world.log(about(session, Priority::warning, {},
				format_session_name(session) + ": its record stays: " + forgotten.error().what));
	world.log(
		about(session, Priority::warning, message::kLoginRefused, "session refused: " + reason)
			.field("RASSIST_REASON", reason));
	world.end_connection();
	return Decision::denied;
}

/// The session, without what says whose it is.
Result<Session> session_here(const Request& request, World& world) {
	const auto time = world.clock();
	if (!time)
		return time.error();
	const auto started = read_process_start(world.process());
	if (!started)
		return started.error();
	Session session;
	session.pid = world.process();
	session.started = *started;
	session.from = request.from;
	session.since = time->wall;
	if (auto id = Connection::of(world.process()).id)
		session.id = *std::move(id);
	return session;
}

Result<AdmittedKey> admitted_now(const Request& request, World& world) {
	const auto time = world.clock();
	if (!time)
		return time.error();
	if (!request.key)
		return Error{Fault::denied, "no key"};
	auto standing = may_log_in(name_of(request.account), *request.key, fingerprint_of(*request.key),
		world.paths(), *time, world.root());
	if (standing.failed())
		return standing.error();
	if (standing.absent())
		return Error{Fault::not_found, "the key's grant is gone"};
	return std::move(*standing);
}

Decision settle(World& world, const Session& session) {
	if (const auto kept = world.keep(session); !kept)
		return turn_away(world, session, kept.error().what);
	world.log(about(session, Priority::notice, message::kSessionStarted,
		format_session_name(session) + " from " + session.from));
	return Decision::allowed;
}

/// Records of connections whose sshd was killed before it could close them: they end here.
void bury(World& world, const Session& newcomer) {
	const auto dead = sweep_sessions(world.paths(), newcomer.role, newcomer.subject);
	// where it failed they count for nothing all the same
	for (std::size_t i = 0; dead && i < dead->size(); ++i)
		world.log(
			make_session_end_entry(kProgram, (*dead)[i], newcomer.since, "its sshd was killed"));
}

Decision open_assist(World& world, Session session) {
	session.role = Role::assist;
	const auto window = read_open_window(world);
	if (!window)
		return turn_away(world, session, window.error().what);
	session.subject = window->serial.str();
	session.window = window->id;
	bury(world, session);
	auto registered = register_session(world.paths(), session);
	if (!registered)
		return turn_away(world, session, "it cannot be registered: " + registered.error().what);
	const auto again = read_open_window(world);
	if (!again)
		return turn_away(world, *registered, again.error().what);
	if (again->id != window->id)
		return turn_away(world, *registered, "the assistance window is another one by now");
	return settle(world, *registered);
}

/// A new tunnel takes over: it is put on the list of those that must become ready in time, and the
/// older ones end before sshd binds what they hold.
Status take_over(World& world, const Session& session) {
	if (const auto listed = write_file(world.paths().enforce() + "/" + format_spool_entry(session),
			"", Attributes{.owner = {}, .group = {}, .durable = false});
		!listed)
		return listed.error().within("it cannot be watched");
	const int older =
		ask_to_say_goodbye(world.paths(), session.role, session.subject, session.number);
	const auto ended = displace_sessions(
		world.paths(), session.role, session.subject, session.number, kDisplacementGrace);
	if (!ended)    // the new one may be lucky all the same: what it cannot bind, it tries again
		world.log(about(session, Priority::warning, {},
			format_session_name(session) + ": an older one stays: " + ended.error().what));
	else if (older > 0)    // some of them have left by themselves
		world.log(about(session, Priority::notice, message::kDisplaced,
			format_session_name(session) + " took the place of " + std::to_string(older) +
				" older"));
	bury(world, session);
	return Done{};
}

/// A device that logs in in a loop, or logs in and says nothing, has its few sessions and takes
/// nothing from others.
Status check_questions(World& world, const Session& session) {
	if (session.role != Role::identity && session.role != Role::activation)
		return Done{};
	const auto live = list_live_sessions(world.paths(), session.role, session.subject);
	if (!live)
		return live.error();
	if (std::ranges::count_if(*live,
			[&](const Session& one) { return one.number < session.number; }) >= kQuestionsMost)
		return Error{Fault::busy, session.subject + " has " + std::to_string(kQuestionsMost) +
									  " logins of this kind already, which is the most at once"};
	return Done{};
}

/// Where the person may come from, by everybody's list and the key's own. Nobody else's origin
/// matters.
Status from_its_place(const Request& request, World& world, const Grant& grant) {
	if (grant.role != Role::staff)
		return Done{};
	const auto config = load_config(world.paths(), world.root());
	if (!config)
		return config.error();
	if (const auto refused = refuse_origin(config->support_from, grant.from, request.from))
		return Error{Fault::denied, *refused};
	return Done{};
}

/// What sshd lets the connection reach, the helper wrote before it was registered: less may be
/// right by now.
Status reaches_what_it_may(World& world, const Session& session) {
	if (session.role != Role::staff)
		return Done{};
	const auto narrowed = was_narrowed_since(world.paths(), session, world.root());
	if (!narrowed)
		return narrowed.error();
	if (*narrowed)
		return Error{Fault::denied,
			"what the key may reach became less during this login; the next one has it right"};
	return Done{};
}

Decision open_relay(const Request& request, World& world, Session session) {
	const auto standing = admitted_now(request, world);
	if (!standing)
		return turn_away(world, session, standing.error().what);
	session.role = standing->grant.role;
	session.subject = standing->grant.subject;
	session.window = standing->grant.window;
	session.scope = standing->grant.scope;
	if (const auto placed = from_its_place(request, world, standing->grant); !placed)
		return turn_away(world, session, placed.error().what);
	bury(world, session);
	auto registered = register_session(world.paths(), session);
	if (!registered)
		return turn_away(world, session, "it cannot be registered: " + registered.error().what);
	if (const auto few = check_questions(world, *registered); !few)
		return turn_away(world, *registered, few.error().what);
	if (session.role == Role::tunnel)
		if (const auto taken = take_over(world, *registered); !taken)
			return turn_away(world, *registered, taken.error().what);
	const auto again = admitted_now(request, world);
	if (!again)
		return turn_away(world, *registered, again.error().what);
	if (again->grant.role != session.role || again->grant.subject != session.subject)
		return turn_away(world, *registered, "the key's grant is another one by now");
	if (const auto placed = from_its_place(request, world, again->grant); !placed)
		return turn_away(world, *registered, placed.error().what);
	if (const auto right = reaches_what_it_may(world, *registered); !right)
		return turn_away(world, *registered, right.error().what);
	return settle(world, *registered);
}

}    // namespace

Decision open_session(const Request& request, World& world) {
	auto session = session_here(request, world);
	if (!session)
		return turn_away(world, Session{}, session.error().what);
	if (request.key)
		session->key = fingerprint_of(*request.key).str();
	else if (request.typed)
		session->key = std::string(kTypedCode);
	else
		return turn_away(world, *session, "sshd does not say which key logged in");
	switch (request.account) {
	case Account::assist:
		return open_assist(world, std::move(*session));
	case Account::device:
	case Account::tunnel:
	case Account::support:
		return open_relay(request, world, std::move(*session));
	case Account::foreign:
		break;
	}
	return Decision::denied;
}

/// Why sshd says goodbye. At a window's end the tunnel may go a moment before process 1 ends the
/// session: relays count in whole seconds.
std::string_view end_of(World& world, const Session& session, const Result<Now>& time) {
	constexpr std::chrono::seconds kMoment{2};
	if (session.role != Role::assist)
		return "the connection was closed";
	const auto window = read_open_window(world);
	const bool over = !window || window->id != session.window ||
					  (time && window->deadline.remaining(*time) <= kMoment);
	return over ? "the window ended" : "the connection was closed";
}

Decision close_session(World& world) {
	const auto session = world.kept();
	if (!session)    // refused at open
		return Decision::allowed;
	if (const auto forgotten = forget_session(world.paths(), *session); !forgotten)
		world.log(about(*session, Priority::warning, {},
			format_session_name(*session) + ": its record stays: " + forgotten.error().what));
	const auto time = world.clock();
	world.log(make_session_end_entry(kProgram, *session, time ? time->wall : session->since,
		std::string(end_of(world, *session, time))));
	return Decision::allowed;
}

}    // namespace rassist::pam
