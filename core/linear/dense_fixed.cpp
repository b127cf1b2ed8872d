// A dense layer in fixed point: see dense_fixed.hpp.
#include "linear/dense_fixed.hpp"

#include "linear/dense_chip.hpp"

namespace twinbit::dense {

void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
             Places places) {
    chip::forward(layer, v, y, n, m, places);
}

void forward(const std::int32_t *layer, const std::int32_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
             Places places) {
    plain::forward(layer, v, y, n, m, places);
}

std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                   std::uint32_t n, std::uint32_t m, Places places) {
    return chip::miss(layer, v, x, e, n, m, places);
}

std::uint64_t miss(const std::int32_t *layer, const std::int32_t *v, const std::int32_t *x, std::int32_t *e,
                   std::uint32_t n, std::uint32_t m, Places places) {
    return plain::miss(layer, v, x, e, n, m, places);
}

std::uint64_t squares(const std::int16_t *v, std::uint32_t n) { return chip::squares(v, n); }

std::uint64_t squares(const std::int32_t *v, std::uint32_t n) { return plain::squares(v, n); }

void pull(const std::int32_t *layer, const std::int16_t *e, std::int32_t *delta, std::uint32_t n, std::uint32_t m,
          Places places) {
    chip::pull(layer, e, delta, n, m, places);
}

void pull(const std::int32_t *layer, const std::int32_t *e, std::int32_t *delta, std::uint32_t n, std::uint32_t m,
          Places places) {
    plain::pull(layer, e, delta, n, m, places);
}

void push(std::int32_t *layer, const std::int16_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
          Places places) {
    chip::push(layer, v, g, n, m, places);
}

void push(std::int32_t *layer, const std::int32_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
          Places places) {
    plain::push(layer, v, g, n, m, places);
}

} // namespace twinbit::dense
