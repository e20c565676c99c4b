// The headers that most unit tests include, for the compiler to read once (Makefile), as
// common/base/standard.hpp has them for all.
#include "common/base/standard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
