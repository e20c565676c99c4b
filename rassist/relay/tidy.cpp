// tidy: it takes away what counts for nothing any more. Nothing depends on it, for ends are
// computed at each login. Root works here in folders that belong to the relay's accounts, so
// everything goes by names in a folder that is held open, and no link is followed.
#include "rassist/frame/actions.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/registered_device.hpp"

#include "common/admission/store_folder.hpp"
#include "common/issuing/store_write.hpp"
#include "common/records/revoked_window.hpp"
#include "common/sessions/session.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/listing.hpp"
#include "rassist/enforce/dead_records.hpp"
#include "rassist/relay/group_index_write.hpp"
#include "rassist/relay/registry_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <ctime>
#include <ostream>

namespace rassist::cli {

namespace {

constexpr std::int64_t kKept = 24 * 3600;    ///< the desk tells from it when a window was closed
constexpr std::time_t kAbandoned = 3600;     ///< no writer takes that long

bool older_than(const Folder& folder, const std::string& name, std::time_t age) {
	struct stat file {};
	return fstatat(folder.fd(), name.c_str(), &file, AT_SYMLINK_NOFOLLOW) == 0 &&
		   S_ISREG(file.st_mode) && file.st_ctime < std::time(nullptr) - age;
}

class TidyRun {
public:
	TidyRun(Context& context, std::int64_t now) : context_(context), now_(now) {}

	int run(bool rebuild) {
		note(registry(rebuild));
		for (const Role role : {Role::tunnel, Role::activation}) {
			grants(role);
			subjects(role);
		}
		revoked();
		for (const auto& path : {context_.paths.devices(), context_.paths.staff(),
				 context_.paths.activations(), context_.paths.identities(),
				 context_.paths.windows(), context_.paths.ready(), context_.paths.taken()}) {
			abandoned(path);
			abandoned(path + "/" + kPointers);
		}
		ready();
		sessions();
		return tell();
	}

private:
	void note(const Status& done) {
		if (!done) {
			++failed_;
			context_.warn(done.error().what);
		}
	}

	/// Opening the registry to write settles an interrupted import and builds an index that is not
	/// whole.
	Status registry(bool rebuild) {
		const auto registry = RegistryFolder::open(context_.paths);
		if (!registry) {
			return registry.error().code == Fault::not_found ? Status(error_no_registry(context_))
															 : registry.error();
		}
		if (!rebuild)
			return Done{};
		const auto turn = FileLock::take(registry->folder, kImportLock, 0);
		return turn ? mend_groups(context_.paths) : Status(turn.error());
	}

	/// Calls `call` with each name that there is now; a folder that is not there holds none.
	template <class Call> void names(const std::string& path, Call call) {
		const auto folder = Folder::open(path);
		if (!folder) {
			note(folder.error().code == Fault::not_found ? Status(Done{}) : Status(folder.error()));
			return;
		}
		note(for_each_name(folder->fd(), [&](std::string_view name) {
			call(*folder, std::string(name));
			return true;
		}));
	}

	void grants(Role role) {
		const GrantFolder place = grant_folder_of(role, context_.paths);
		names(place.path, [&](const Folder&, const std::string& name) {
			const auto fingerprint = Fingerprint::parse_file_name(name);
			if (!fingerprint)
				return;
			const auto removed = remove_expired(place, *fingerprint, now_ - kKept, context_.root);
			// A record that is not believed is for its owner to look at.
			grants_ += removed && *removed ? 1 : 0;
		});
	}

	/// Takes away entries of subjects that have no grant any more; an activation that was used up
	/// leaves one.
	void subjects(Role role) {
		const GrantFolder place = grant_folder_of(role, context_.paths);
		names(place.path + "/" + kPointers, [&](const Folder&, const std::string& name) {
			const auto serial = Serial::parse(name);
			const auto removed = serial ? remove_empty_subject(place, serial->str(), context_.root)
										: Result<bool>(false);
			// A record that is not believed is for its owner to look at.
			files_ += removed && *removed ? 1 : 0;
		});
	}

	/// Takes away records of revoked windows whose latest possible end has passed.
	void revoked() {
		names(
			context_.paths.revoked(),
			[&](const Folder& folder, const std::string& name) {
				const auto record = read_revoked_window(folder, name, context_.root);
				if (record && record->expires < now_ - kKept) {
					const auto removed = remove_file(folder, name);
					note(removed);
					grants_ += removed ? 1 : 0;
				}
			});
	}

	/// Takes away what a writer that was killed left half written.
	void abandoned(const std::string& path) {
		names(
			path,
			[&](const Folder& folder, const std::string& name) {
				if ((name.starts_with(".tmp.") || name.starts_with(".used.")) &&
					older_than(folder, name, kAbandoned))
					remove(folder, name);
			});
	}

	/// Takes away names of tunnels whose `hold` was killed, under the lock by which a new `hold`
	/// takes the name.
	void ready() {
		names(
			context_.paths.ready(),
			[&](const Folder& folder, const std::string& name) {
				const auto serial = Serial::parse(name);
				const bool half = name.starts_with('.') && name.ends_with(".new");
				if (half ? !older_than(folder, name, kAbandoned)
						 : !serial || is_tunnel_up(context_.paths, *serial))
					return;
				const auto turn = FileLock::take(folder, kReadyLock);
				if (!turn)
					note(turn.error());
				else if (half || !is_tunnel_up(context_.paths, *serial))
					remove(folder, name);
			});
	}

	/// Takes away the records of sessions whose sshd was killed, and the folders of all who have
	/// been away for a while.
	void sessions() {
		note(remove_dead_sessions(context_));
		const auto removed = remove_idle_sessions(context_.paths, std::time(nullptr) - kAbandoned);
		note(removed ? Status(Done{}) : Status(removed.error()));
		files_ += removed ? static_cast<std::size_t>(*removed) : 0;
	}

	void remove(const Folder& folder, const std::string& name) {
		const auto removed = remove_file(folder, name);
		note(removed);
		files_ += removed ? 1 : 0;
	}

	int tell() const {
		context_.out << "Removed " << format_count(grants_, "expired record") << " and "
					 << format_count(files_, "leftover file") << ".\n";
		return failed_ == 0 ? EX_OK : EX_IOERR;
	}

	Context& context_;
	std::int64_t now_;
	std::size_t grants_ = 0;
	std::size_t files_ = 0;
	std::size_t failed_ = 0;
};

}    // namespace

Result<int> tidy_verb(Context& context, const Arguments& arguments) {
	const auto clock = read_clocks();
	if (!clock)
		return clock.error();
	return TidyRun(context, clock->wall).run(arguments.has("groups"));
}

}    // namespace rassist::cli
