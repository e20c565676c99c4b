// The part of publication.hpp that writes a device's publication and what the guard stands before.
#include "common/records/publication.hpp"
#include "common/records/record.hpp"

namespace rassist {

std::string format_publication(const Publication& publication) {
	IniWriter writer("published");
	writer.add("version", "1");
	for (const auto& [service, port] : publication.ports)
		writer.add(format_service(service), std::to_string(port));
	writer.add("serial", publication.serial.str());    // required, so last
	return writer.text();
}

std::string format_guarding(const Guarding& guarding) {
	IniWriter writer("guarding");
	writer.add("version", "1")
		.add_if("addresses",
			join_words(guarding.addresses, [](const std::string& one) { return one; }));
	writer.add_sentence("off", guarding.off).add("ports", guarding.ports.str());
	return writer.text();
}

}    // namespace rassist
