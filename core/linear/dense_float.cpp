// A dense layer in float: see dense_float.hpp.
#include "linear/dense_float.hpp"

namespace twinbit::dense {

void forward(const float *layer, const float *v, float *y, std::uint32_t n, std::uint32_t m, Places places) {
    plain::forward(layer, v, y, n, m, places);
}

float miss(const float *layer, const float *v, const float *x, float *e, std::uint32_t n, std::uint32_t m,
           Places places) {
    return plain::miss(layer, v, x, e, n, m, places);
}

void pull(const float *layer, const float *e, float *delta, std::uint32_t n, std::uint32_t m, Places places) {
    plain::pull(layer, e, delta, n, m, places);
}

void push(float *layer, const float *v, const float *g, std::uint32_t n, std::uint32_t m, Places places) {
    plain::push(layer, v, g, n, m, places);
}

} // namespace twinbit::dense
