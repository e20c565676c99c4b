// Ending the connections of one device to this relay.
#pragma once

#include "common/base/parse.hpp"
#include "rassist/frame/context.hpp"

#include <string>

namespace rassist::cli {

/// Ends the device's connections that are there to ask one question (enrolment, activation), and
/// says how many there were. They are not left to be judged: their answers may change records, and
/// after this none of them does.
[[nodiscard]] Result<int> end_enrolment_logins(const Context& context, const Serial& serial);

/// Has the device's tunnels judged, once a record is changed that let them in, and says how many
/// have ended.
[[nodiscard]] Result<int> judge_tunnels_of(const Context& context, const std::string& serial);

}    // namespace rassist::cli
