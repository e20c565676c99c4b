#include "rassist/doctor/unit_states.hpp"

#include <gtest/gtest.h>

namespace rassist::cli::doctor {
namespace {

TEST(DoctorUnits, ManyAreReadFromOneAnswer) {
	const auto states = parse_unit_states("Id=a.service\nLoadState=loaded\nActiveState="
										  "active\nUnitFileState=enabled\nNeedDaemonReload=no\n"
										  "\nId=b.path\nLoadState=masked\nActiveState="
										  "inactive\nUnitFileState=masked\nNeedDaemonReload=yes\n");
	ASSERT_EQ(states.size(), 2U);
	EXPECT_EQ(states.at("a.service").file, "enabled");
	EXPECT_FALSE(states.at("a.service").stale);
	EXPECT_EQ(states.at("b.path").load, "masked");
	EXPECT_TRUE(states.at("b.path").stale);
	EXPECT_TRUE(parse_unit_states("").empty());
}

}    // namespace
}    // namespace rassist::cli::doctor
