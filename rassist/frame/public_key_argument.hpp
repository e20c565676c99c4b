// A public key that is given on the command line.
#pragma once

#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"

#include <string>

namespace rassist::cli {

/// The argument is the key itself, "-" for stdin, or a file. Comments and empty lines aside, there
/// must be exactly one key.
[[nodiscard]] Result<PublicKey> read_public_key(const std::string& argument);

}    // namespace rassist::cli
