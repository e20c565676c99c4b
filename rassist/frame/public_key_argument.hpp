// A public key on the command line.
#pragma once

#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"

#include <string>

namespace rassist::cli {

/// The key itself, "-" for stdin, or a file; exactly one, comments and empty lines aside.
[[nodiscard]] Result<PublicKey> read_public_key(const std::string& argument);

}    // namespace rassist::cli
