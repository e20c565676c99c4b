#include "authkeys_cmd/answer.hpp"

#include "authkeys_cmd/line.hpp"
#include "common/admission/may_log_in.hpp"
#include "common/admission/open_in_scope.hpp"
#include "common/base/lookup.hpp"
#include "common/keys/public_key.hpp"
#include "common/records/publication.hpp"
#include "common/records/taken_devices.hpp"

#include <vector>

namespace rassist::authkeys {
namespace {

/// Devices that are open now and that this person may reach, as many as a line carries; those taken
/// last come first.
Result<std::vector<Serial>> reachable(const Grant& grant, const Paths& paths, uid_t root) {
	const auto devices = find_open_in_scope(
		paths, grant.scope, root, kLineCarries, read_taken_devices(paths, grant.subject));
	if (!devices)
		return devices.error();
	std::vector<Serial> serials;
	for (const Device& device : *devices)
		serials.push_back(device.serial);
	return serials;
}

Result<std::string> line_of(
	const AdmittedKey& standing, const Fingerprint& fingerprint, const Paths& paths, uid_t root) {
	const Grant& grant = standing.grant;
	switch (grant.role) {
	case Role::assist:
		return make_assist_line(grant);
	case Role::tunnel:
		if (!standing.device)
			break;
		return make_tunnel_line(grant, *standing.device,
			read_published_places(paths, standing.device->serial, root).places, paths);
	case Role::identity:
	case Role::activation:
		return make_enroll_line(grant, fingerprint, paths);
	case Role::staff: {
		const auto devices = reachable(grant, paths, root);
		if (!devices)
			return devices.error();
		return make_staff_line(grant, fingerprint, *devices, paths);
	}
	case Role::none:
		break;
	}
	return Error{Fault::internal, "a grant that no line is known for"};
}

}    // namespace

Lookup<std::string> answer(
	const Question& question, const Paths& paths, const Now& now, uid_t root) {
	const auto fingerprint = Fingerprint::parse(question.fingerprint);
	if (!fingerprint)
		return fingerprint.error().within("sshd's %f");
	const auto key = PublicKey::parse(question.key_type, question.key);
	if (!key)    // a certificate, a type we do not take: no record can be of it
		return std::nullopt;
	const auto standing = may_log_in(question.account, *key, *fingerprint, paths, now, root);
	if (standing.failed())
		return standing.error();
	if (standing.absent())
		return std::nullopt;
	auto line = line_of(*standing, *fingerprint, paths, root);
	if (!line)
		return line.error();
	return std::move(*line);
}

}    // namespace rassist::authkeys
