// Range checks over bytes that nobody vouches for: of any alignment, read only by copy, never believed.
#include "memory/fields.hpp"

#include "numbers/bits.hpp"

namespace twinbit {

namespace {

// |float| <= 2^e by its bits, which also refuses infinity and NaN; a signed range takes both signs.
bool float_in_range(std::uint32_t bits, Range r) {
    const std::uint32_t e = r.code & 127u;
    const bool sign_ok = (r.code & range_signed) != 0 || bits <= 0x80000000u; // -0 is 0
    return sign_ok && (bits & 0x7FFFFFFFu) <= ((127u + e) << 23);
}

bool within(std::int64_t v, Range r, const Dimensions &n) {
    if (r.code == range_any) {
        return true;
    }
    if (r.code == range_most_k) {
        return v >= 0 && v <= static_cast<std::int64_t>(n.k);
    }
    const std::int64_t limit = std::int64_t{1} << (r.code & 63u);
    return v < limit && v >= ((r.code & range_signed) != 0 ? 1 - limit : 0);
}

std::int64_t integer(Type type, const std::uint8_t *p) {
    switch (type) {
    case Type::u8:
        return *p;
    case Type::u16:
        return peek<std::uint16_t>(p);
    case Type::i16:
        return peek<std::int16_t>(p);
    case Type::u32:
        return peek<std::uint32_t>(p);
    case Type::i32:
        return peek<std::int32_t>(p);
    default:
        return peek<std::int64_t>(p); // u64 above 2^63 is negative here, and in no range
    }
}

bool field_in_range(const Field &f, const Dimensions &n, const std::uint8_t *p) {
    const std::uint32_t bytes = bytes_of(f.type);
    for (std::uint32_t i = count_of(f.many, n); i > 0; --i, p += bytes) {
        if (f.type == Type::f32 ? !float_in_range(peek<std::uint32_t>(p), f.range)
                                : !within(integer(f.type, p), f.range, n)) {
            return false;
        }
    }
    return true;
}

} // namespace

bool all_in_range(const Field *fields, std::uint32_t n, const Dimensions &dimensions, const std::uint8_t *block) {
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint32_t size = count_of(fields[i].many, dimensions) * bytes_of(fields[i].type);
        if (!field_in_range(fields[i], dimensions, block)) {
            return false;
        }
        for (std::uint32_t gap = size; gap < align8(size); ++gap) {
            if (block[gap] != 0) {
                return false;
            }
        }
        block += align8(size);
    }
    return true;
}

} // namespace twinbit
