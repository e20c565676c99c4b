// What the verbs do, one function each; the table (table.cpp) names them.
#pragma once

#include "rassist/frame/verb.hpp"

namespace rassist::cli {

// device: window.cpp
Result<int> open_verb(Context& context, const Arguments& arguments);
Result<int> close_verb(Context& context, const Arguments& arguments);
Result<int> extend_verb(Context& context, const Arguments& arguments);
// device: show.cpp, status.cpp, activate.cpp
Result<int> show_verb(Context& context, const Arguments& arguments);
Result<int> status_verb(Context& context, const Arguments& arguments);
Result<int> activate_verb(Context& context, const Arguments& arguments);
// device and relay: sessions.cpp
Result<int> sessions_verb(Context& context, const Arguments& arguments);
// device and relay: history.cpp, why.cpp
Result<int> history_verb(Context& context, const Arguments& arguments);
Result<int> why_verb(Context& context, const Arguments& arguments);
// relay: devices.cpp, device_import.cpp, device_list.cpp, publish.cpp
Result<int> device_add_verb(Context& context, const Arguments& arguments);
Result<int> device_import_verb(Context& context, const Arguments& arguments);
Result<int> device_token_verb(Context& context, const Arguments& arguments);
Result<int> device_block_verb(Context& context, const Arguments& arguments);
Result<int> device_unblock_verb(Context& context, const Arguments& arguments);
Result<int> device_remove_verb(Context& context, const Arguments& arguments);
Result<int> device_publish_verb(Context& context, const Arguments& arguments);
Result<int> device_list_verb(Context& context, const Arguments& arguments);
Result<int> device_show_verb(Context& context, const Arguments& arguments);
Result<int> device_set_verb(Context& context, const Arguments& arguments);    // device_set.cpp
// relay: tidy.cpp
Result<int> tidy_verb(Context& context, const Arguments& arguments);
// relay: staff.cpp, staff_list.cpp, revoke.cpp, windows.cpp
Result<int> staff_add_verb(Context& context, const Arguments& arguments);
Result<int> staff_set_verb(Context& context, const Arguments& arguments);
Result<int> staff_list_verb(Context& context, const Arguments& arguments);
Result<int> staff_show_verb(Context& context, const Arguments& arguments);
Result<int> staff_remove_verb(Context& context, const Arguments& arguments);
Result<int> revoke_key_verb(Context& context, const Arguments& arguments);
Result<int> revoke_window_verb(Context& context, const Arguments& arguments);
Result<int> windows_verb(Context& context, const Arguments& arguments);
// setup_relay.cpp, setup_pins.cpp
Result<int> setup_relay_verb(Context& context, const Arguments& arguments);
Result<int> setup_device_verb(Context& context, const Arguments& arguments);
Result<int> setup_support_verb(Context& context, const Arguments& arguments);
// support: key.cpp, known_host.cpp
Result<int> key_verb(Context& context, const Arguments& arguments);
Result<int> known_host_verb(Context& context, const Arguments& arguments);
// device, relay and support: doctor/doctor.cpp
Result<int> doctor_verb(Context& context, const Arguments& arguments);
// anywhere: help.cpp
Result<int> help_verb(Context& context, const Arguments& arguments);
Result<int> complete_verb(Context& context, const Arguments& arguments);

}    // namespace rassist::cli
