// A list by its nature: what the verbs do, one function each, in the files that the comments name;
// the table (table.cpp) walks it.
#pragma once

#include "common/base/result.hpp"
#include "rassist/frame/context.hpp"
#include "rassist/frame/options.hpp"

namespace rassist::cli {

// device/open_close.cpp
Result<int> open_verb(Context& context, const Arguments& arguments);
Result<int> close_verb(Context& context, const Arguments& arguments);
Result<int> extend_verb(Context& context, const Arguments& arguments);
// device/show.cpp, status.cpp, activate.cpp, setup_device.cpp
Result<int> show_verb(Context& context, const Arguments& arguments);
Result<int> status_verb(Context& context, const Arguments& arguments);
Result<int> activate_verb(Context& context, const Arguments& arguments);
Result<int> setup_device_verb(Context& context, const Arguments& arguments);
// enforce/sessions.cpp
Result<int> sessions_verb(Context& context, const Arguments& arguments);
// past/history.cpp, why.cpp
Result<int> history_verb(Context& context, const Arguments& arguments);
Result<int> why_verb(Context& context, const Arguments& arguments);
// relay/devices.cpp
Result<int> device_add_verb(Context& context, const Arguments& arguments);
Result<int> device_token_verb(Context& context, const Arguments& arguments);
Result<int> device_block_verb(Context& context, const Arguments& arguments);
Result<int> device_unblock_verb(Context& context, const Arguments& arguments);
Result<int> device_remove_verb(Context& context, const Arguments& arguments);
// relay/device_import.cpp, publish.cpp, device_list.cpp, device_show.cpp, device_set.cpp
Result<int> device_import_verb(Context& context, const Arguments& arguments);
Result<int> device_publish_verb(Context& context, const Arguments& arguments);
Result<int> device_list_verb(Context& context, const Arguments& arguments);
Result<int> device_show_verb(Context& context, const Arguments& arguments);
Result<int> device_set_verb(Context& context, const Arguments& arguments);
// relay/tidy.cpp, windows.cpp, setup_relay.cpp
Result<int> tidy_verb(Context& context, const Arguments& arguments);
Result<int> windows_verb(Context& context, const Arguments& arguments);
Result<int> setup_relay_verb(Context& context, const Arguments& arguments);
// relay/staff.cpp, staff_list.cpp
Result<int> staff_add_verb(Context& context, const Arguments& arguments);
Result<int> staff_set_verb(Context& context, const Arguments& arguments);
Result<int> staff_remove_verb(Context& context, const Arguments& arguments);
Result<int> staff_list_verb(Context& context, const Arguments& arguments);
Result<int> staff_show_verb(Context& context, const Arguments& arguments);
// relay/revoke.cpp
Result<int> revoke_key_verb(Context& context, const Arguments& arguments);
Result<int> revoke_window_verb(Context& context, const Arguments& arguments);
// support/key.cpp, known_host.cpp, setup_support.cpp
Result<int> key_verb(Context& context, const Arguments& arguments);
Result<int> known_host_verb(Context& context, const Arguments& arguments);
Result<int> setup_support_verb(Context& context, const Arguments& arguments);
// doctor/doctor.cpp
Result<int> doctor_verb(Context& context, const Arguments& arguments);
// frame/help.cpp, completion.cpp
Result<int> help_verb(Context& context, const Arguments& arguments);
Result<int> complete_verb(Context& context, const Arguments& arguments);

}    // namespace rassist::cli
