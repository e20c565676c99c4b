// A registered device as JSON, the same in `device list` and `device show`.
#pragma once

#include "common/base/json.hpp"
#include "common/records/registry.hpp"
#include "rassist/frame/context.hpp"

namespace rassist::cli {

[[nodiscard]] Json make_device_json(const Context& context, const Device& device);

}    // namespace rassist::cli
