// known-host: ssh calls it as its KnownHostsCommand (50-rassist.conf).
#include "rassist/frame/actions.hpp"
#include "rassist/support/pins.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

// ssh(1) asks twice: with reason ORDER and the bare name, then with HOSTNAME and the name as
// known_hosts has it, [sn123.rassist]:10022 (measured, 9.2). A status other than 0 makes it give up
// with a sentence of its own (measured), so no pin is an empty answer: it then refuses the host
// key, and our line says why.
Result<int> known_host_verb(Context& context, const Arguments& arguments) {
	const std::string& host = arguments.operands()[0];
	const bool first_time = arguments.operands().size() > 1 && arguments.operands()[1] == "ORDER";
	const auto serial = serial_of_host(host);
	if (!serial)
		return context.usage(serial.error().what);
	const auto key = read_pinned_host_key(context, *serial);
	if (key.failed())
		return key.error();
	if (key.found()) {
		context.out << host << " " << key->str() << "\n";
	} else if (!first_time) {
		context.err << "rassist: no code given yet for " << serial->str() << ": run `rassist key "
					<< serial->str() << "`\n";
	}
	return EX_OK;
}

}    // namespace rassist::cli
