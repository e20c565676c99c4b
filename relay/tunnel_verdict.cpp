#include "relay/tunnel_verdict.hpp"

#include "common/admission/store.hpp"

namespace rassist::hold {
namespace {

TunnelVerdict end_with(Bye bye, std::string reason) {
	return TunnelVerdict{TunnelEnd{bye, std::move(reason)}, {}};
}

}    // namespace

TunnelRecords read_tunnel_records(const Paths& paths, const Serial& serial, uid_t root) {
	return TunnelRecords{find_grant_of(grant_folder_of(Role::tunnel, paths), serial.str(), root),
		find_device(paths, serial, root)};
}

TunnelVerdict judge_tunnel(
	const TunnelRecords& records, const std::optional<TunnelWindow>& former, const Now& now) {
	if (records.device.failed())
		return end_with(Bye::failed, records.device.error().what);
	if (records.device.absent())
		return end_with(Bye::revoked, "the device is not registered");
	if (records.device->blocked)
		return end_with(Bye::blocked, "the device is blocked");
	if (records.grant.failed())
		return end_with(Bye::failed, records.grant.error().what);
	if (records.grant.absent()) {
		if (former && former->until <= now.wall)    // swept already
			return end_with(Bye::expired, "the window's time on the relay is over");
		return end_with(Bye::revoked, "the tunnel's grant is gone");
	}
	const Grant& grant = *records.grant;
	if (!grant.window || !grant.expires)
		return end_with(Bye::failed, "the tunnel's grant is incomplete");
	if (former && former->window != *grant.window)
		return end_with(
			Bye::displaced, "the device has opened another window, " + grant.window->str());
	if (grant.expires->passed(now))
		return end_with(Bye::expired, "the window's time on the relay is over");
	return TunnelVerdict{{}, TunnelWindow{*grant.window, grant.expires->wall, grant.twin}};
}

}    // namespace rassist::hold
