#include "guard/sets.hpp"
#include "common/base/parse_network.hpp"

#include <array>

namespace rassist::guard {
namespace {

constexpr std::string_view kTable = "inet rassist_guard ";

class Transaction {
public:
	void set(std::string_view name, const std::vector<std::string>& elements) {
		text_ += "flush set " + std::string(kTable) + std::string(name) + "\n";
		if (elements.empty())
			return;
		std::string list;
		for (const std::string& element : elements)
			list += (list.empty() ? "" : ", ") + element;
		text_ += "add element " + std::string(kTable) + std::string(name) + " { " + list + " }\n";
	}
	[[nodiscard]] const std::string& text() const { return text_; }

private:
	std::string text_;
};

std::vector<std::string> addresses_of_family(const std::vector<std::string>& all, bool v6) {
	std::vector<std::string> some;
	for (const std::string& one : all)
		if (is_ipv6(one) == v6)
			some.push_back(one);
	return some;
}

}    // namespace

Guarding plan_guarding(const Config& config, PortRange outgoing) {
	Guarding guarding{config.publish_addresses, config.publish_ports, {}};
	if (config.publish_addresses.empty()) {
		guarding.off = "publish-address in rassist.conf names no address of this relay";
	} else if (config.support_from.empty()) {
		guarding.off = "support-from in rassist.conf lets support come from anywhere: to publish, "
					   "name its networks";
	} else if (config.publish_ports.first <= outgoing.last &&
			   outgoing.first <= config.publish_ports.last) {
		guarding.off = "publish-ports (" + config.publish_ports.str() +
					   ") holds ports that the kernel gives to this machine's own connections (" +
					   outgoing.str() + ", net.ipv4.ip_local_port_range)";
	}
	if (!guarding.off.empty())
		guarding.addresses.clear();
	return guarding;
}

std::string format_sets(
	const Guarding& guarding, const std::vector<Network>& support_from, std::uint32_t generation) {
	std::vector<std::string> networks;
	networks.reserve(support_from.size());
	for (const Network& network : support_from)
		networks.push_back(network.str());
	Transaction sets;
	sets.set("support4", addresses_of_family(networks, false));
	sets.set("support6", addresses_of_family(networks, true));
	sets.set("published4", addresses_of_family(guarding.addresses, false));
	sets.set("published6", addresses_of_family(guarding.addresses, true));
	sets.set("published_ports", {guarding.ports.str()});
	sets.set("generation", {format_generation(generation)});
	return sets.text();
}

std::string format_generation(std::uint32_t generation) {
	constexpr std::string_view kDigits = "0123456789abcdef";
	std::string text = "0x";
	for (int shift = 28; shift >= 0; shift -= 4)
		text += kDigits[(generation >> shift) & 0xfU];
	return text;
}

}    // namespace rassist::guard
