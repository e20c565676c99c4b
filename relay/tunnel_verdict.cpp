#include "relay/tunnel_verdict.hpp"

#include "common/admission/store.hpp"

namespace rassist::hold {
namespace {

TunnelVerdict no(Bye bye, std::string reason) {
	return TunnelVerdict{TunnelEnd{bye, std::move(reason)}, {}};
}

}    // namespace

TunnelRecords read_records(const Paths& paths, const Serial& serial, uid_t root) {
	return TunnelRecords{find_grant_of(grant_folder_of(Role::tunnel, paths), serial.str(), root),
		find_device(paths, serial, root)};
}

TunnelVerdict judge(
	const TunnelRecords& records, const std::optional<HeldWindow>& former, const Now& now) {
	if (records.device.failed())
		return no(Bye::failed, records.device.error().what);
	if (records.device.absent())
		return no(Bye::revoked, "the device is not registered");
	if (records.device->blocked)
		return no(Bye::blocked, "the device is blocked");
	if (records.grant.failed())
		return no(Bye::failed, records.grant.error().what);
	if (records.grant.absent()) {
		if (former && former->until <= now.wall)    // swept already
			return no(Bye::expired, "the window's time on the relay is over");
		return no(Bye::revoked, "the tunnel's grant is gone");
	}
	const Grant& grant = *records.grant;
	if (!grant.window || !grant.expires)
		return no(Bye::failed, "the tunnel's grant is incomplete");
	if (former && former->window != *grant.window)
		return no(Bye::displaced, "the device has opened another window, " + grant.window->str());
	if (grant.expires->passed(now))
		return no(Bye::expired, "the window's time on the relay is over");
	return TunnelVerdict{{}, HeldWindow{*grant.window, grant.expires->wall, grant.twin}};
}

}    // namespace rassist::hold
