// Where fields lie.
#include "memory/fields.hpp"

namespace twinbit {

std::uint32_t count_of(Many many, const Dimensions &n) {
    switch (many) {
    case Many::one:
        return 1;
    case Many::two:
        return 2;
    case Many::d:
        return n.d;
    case Many::k:
        return n.k;
    case Many::kd:
        return n.k * n.d;
    case Many::triangle_d:
        return n.d * (n.d + 1) / 2;
    case Many::triangle_k:
        return n.k * (n.k + 1) / 2;
    case Many::mask_k:
        return (n.k + 31) / 32;
    case Many::tail:
        return 96;
    default:
        return 192; // histogram bins
    }
}

std::uint32_t bytes_of(Type type) {
    static constexpr std::uint8_t bytes[] = {1, 2, 2, 4, 4, 8, 8, 4};
    return bytes[static_cast<int>(type)];
}

std::uint32_t place(const Field *fields, std::uint32_t n, const Dimensions &dimensions, std::uint32_t *offsets) {
    std::uint32_t end = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        if (offsets != nullptr) {
            offsets[i] = end;
        }
        end += align8(count_of(fields[i].many, dimensions) * bytes_of(fields[i].type));
    }
    return end;
}

std::uint32_t bytes_of_fields(const Field *fields, std::uint32_t n, const Dimensions &dimensions) {
    return place(fields, n, dimensions, nullptr);
}

} // namespace twinbit
