/* KissFFT on 32-bit fixed point: see kissfft.h. */
#define FIXED_POINT 32
#define kiss_fft tb_kissfft_fixed
#define kiss_fft_stride tb_kissfft_fixed_stride
#define BEGIN tb_kissfft_fixed_begin
#define RUN tb_kissfft_fixed_run
#include "signal/kissfft_source.h"
