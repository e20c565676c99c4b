// The part of grant.hpp that writes a grant.
#include "common/records/grant.hpp"
#include "common/records/record.hpp"

namespace rassist {
namespace {

std::string format_reach(const HostPort& reach) {
	const std::string host =
		reach.host.find(':') == std::string::npos ? reach.host : "[" + reach.host + "]";
	return host + ":" + (reach.port == 0 ? "*" : std::to_string(reach.port));
}

}    // namespace

std::string format_grant(const Grant& grant) {
	const auto number = [](std::int64_t value) { return std::to_string(value); };
	IniWriter writer("grant");
	writer.add("version", "1").add("role", format_role(grant.role)).add("subject", grant.subject);
	writer.add("issued", number(grant.issued));
	if (grant.expires) {
		writer.add("expires", number(grant.expires->wall));
		if (grant.expires->boot)
			writer.add("expires-boot", number(grant.expires->boot->at))
				.add("boot-id", grant.expires->boot->id);
	}
	if (grant.window)
		writer.add("window", grant.window->str()).add("sequence", number(grant.sequence));
	writer.add_if("relay", grant.relay);
	writer.add_if(
		"superseded", join_words(grant.superseded, [](const Id& one) { return one.str(); }));
	if (grant.twin)
		writer.add("twin", number(*grant.twin));
	writer.add_if("reach", join_words(grant.reach, format_reach));
	writer.add_if("from", join_words(
							  grant.from, [](const Network& one) { return one.str(); }));
	writer.add_if("scope", join_words(grant.scope, [](const Scope& one) { return one.str(); }));
	writer.add_if("note", grant.note);
	writer.add("key-type", grant.key.type()).add("key", grant.key.base64());
	return writer.text();
}

}    // namespace rassist
