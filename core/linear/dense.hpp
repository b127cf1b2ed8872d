// Dense layers: what a layer of a network does in each arithmetic, under the same five names.
//
//   forward(layer, v, y, n, m, places)      y = b + W v
//   miss(layer, v, x, e, n, m, places)      e = b + W v - x, returns |e|^2
//   squares(v, n)                           |v|^2
//   pull(layer, e, delta, n, m, places)     delta = W^T e, without the biases
//   push(layer, v, g, n, m, places)         W += g v^T, b += g
//
// A layer with n inputs and m outputs is (n + 1) m numbers of 32 bits, weights before biases. Where a weight lies
// differs: dense_float.hpp and dense_fixed.hpp say it, with formats and bounds.
//
// Each name has a plain form, dense::plain, that defines the result, and forms for one chip or another that are the
// same to the bit; the tests compare them on hosts and on targets.
#pragma once

#include "linear/dense_fixed.hpp"
#include "linear/dense_float.hpp"
