// The values of one frame as the caller gave them: a pointer and the type of its numbers.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

enum class ValueType : std::uint8_t { i16, i32, f32 };

struct Values {
    const void *data;
    std::uint32_t count;
    ValueType type;
};

} // namespace twinbit
