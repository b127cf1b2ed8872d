/* KissFFT on floats: see kissfft.h. */
#define kiss_fft tb_kissfft_float
#define kiss_fft_stride tb_kissfft_float_stride
#define BEGIN tb_kissfft_float_begin
#define RUN tb_kissfft_float_run
#include "signal/kissfft_source.h"
