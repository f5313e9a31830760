// Included by sgemm.cpp of ggml-cpu, in its namespace: uses its vector operations and macros.

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VNNI__)
// C = A * B^T of Q8_0, 16 rows of A at a time. Four bytes of each of these rows are brought together in a vector, so that a lane has the sum
// of its row after eight instructions, and the scales are applied to 16 rows at once. That takes a third of the instructions of the kernels
// below, which have a vector for each row and column.
//
// The instruction multiplies unsigned with signed bytes: 128 is added to those of A, and 128 times the sum of those of B is subtracted.

struct q8_0_panel {
    __m512i quants[8]; // bytes 4q to 4q + 3 of each row, with 128 added
    __m512  scales;
};

struct q8_0_column {
    int32_t correction; // -128 times the sum of the block
    float   scale;
};

inline __m512i q8_0_lanes(const block_q8_0 * a, int64_t lda, int half) {
    const auto quarter = [=](int i) { return _mm_loadu_si128((const __m128i *) a[lda * i].qs + half); };
    __m512i v = _mm512_castsi128_si512(quarter(0));
    v = _mm512_inserti32x4(v, quarter(4), 1);
    v = _mm512_inserti32x4(v, quarter(8), 2);
    return _mm512_inserti32x4(v, quarter(12), 3);
}

inline void q8_0_pack(int64_t k, const block_q8_0 * a, int64_t lda, q8_0_panel * panels) {
    const __m512i flip = _mm512_set1_epi8((char) 0x80);
    for (int64_t l = 0; l < k; ++l, ++a) {
        q8_0_panel & panel = panels[l];
#pragma GCC unroll 2
        for (int half = 0; half < 2; ++half) {
            const __m512i r0 = _mm512_xor_si512(flip, q8_0_lanes(a, lda, half));
            const __m512i r1 = _mm512_xor_si512(flip, q8_0_lanes(a + lda, lda, half));
            const __m512i r2 = _mm512_xor_si512(flip, q8_0_lanes(a + lda * 2, lda, half));
            const __m512i r3 = _mm512_xor_si512(flip, q8_0_lanes(a + lda * 3, lda, half));
            const __m512i lo01 = _mm512_unpacklo_epi32(r0, r1);
            const __m512i hi01 = _mm512_unpackhi_epi32(r0, r1);
            const __m512i lo23 = _mm512_unpacklo_epi32(r2, r3);
            const __m512i hi23 = _mm512_unpackhi_epi32(r2, r3);
            panel.quants[half * 4 + 0] = _mm512_unpacklo_epi64(lo01, lo23);
            panel.quants[half * 4 + 1] = _mm512_unpackhi_epi64(lo01, lo23);
            panel.quants[half * 4 + 2] = _mm512_unpacklo_epi64(hi01, hi23);
            panel.quants[half * 4 + 3] = _mm512_unpackhi_epi64(hi01, hi23);
        }
        alignas(32) ggml_fp16_t scales[16];
        for (int i = 0; i < 16; ++i) {
            scales[i] = a[lda * i].d;
        }
        panel.scales = _mm512_cvtph_ps(_mm256_load_si256((const __m256i *) scales));
    }
}

template <int RN>
NOINLINE void q8_0_tile(int64_t k, const q8_0_panel * panels, const block_q8_0 * b, int64_t ldb, const q8_0_column * columns, float * c, int64_t ldc) {
    __m512 sums[RN];
#pragma GCC unroll 8
    for (int j = 0; j < RN; ++j) {
        sums[j] = _mm512_setzero_ps();
    }
    for (int64_t l = 0; l < k; ++l) {
        const q8_0_panel & panel = panels[l];
        __m512i dots[RN];
#pragma GCC unroll 8
        for (int j = 0; j < RN; ++j) {
            dots[j] = _mm512_set1_epi32(columns[k * j + l].correction);
        }
#pragma GCC unroll 8
        for (int q = 0; q < 8; ++q) {
            const __m512i quants = panel.quants[q];
#pragma GCC unroll 8
            for (int j = 0; j < RN; ++j) {
                int32_t four;
                memcpy(&four, b[ldb * j + l].qs + 4 * q, sizeof(four));
                dots[j] = _mm512_dpbusd_epi32(dots[j], quants, _mm512_set1_epi32(four));
            }
        }
#pragma GCC unroll 8
        for (int j = 0; j < RN; ++j) {
            const __m512 scales = _mm512_mul_ps(panel.scales, _mm512_set1_ps(columns[k * j + l].scale));
            sums[j] = _mm512_fmadd_ps(scales, _mm512_cvtepi32_ps(dots[j]), sums[j]);
        }
    }
#pragma GCC unroll 8
    for (int j = 0; j < RN; ++j) {
        _mm512_storeu_ps(c + ldc * j, sums[j]);
    }
}

// m is a multiple of 16.
NOINLINE void gemm_q8_0_vnni(int64_t k, const block_q8_0 * A, int64_t lda, const block_q8_0 * B, int64_t ldb, float * C, int64_t ldc,
                             int64_t m, int64_t n, int ith, int nth) {
    static constexpr int64_t RN = 8;
    static constexpr int64_t CACHE = 512 * 1024; // for the columns that are used again for each row
    static thread_local std::vector<__m512i>     panel_memory;
    static thread_local std::vector<q8_0_column> columns;

    const int64_t ytiles = m / 16;
    int64_t width = CACHE / (k * (int64_t) (sizeof(block_q8_0) + sizeof(q8_0_column))) / RN * RN;
    width = MAX(4 * RN, MIN(width, (n + RN - 1) / RN * RN));
    while (width > 2 * RN && (n + width - 1) / width * ytiles < 2 * nth) {
        width = (width / 2 + RN - 1) / RN * RN;
    }
    const int64_t chunks = (n + width - 1) / width;
    const int64_t duty = (chunks * ytiles + nth - 1) / nth;
    const int64_t end = MIN(duty * (ith + 1), chunks * ytiles);

    panel_memory.resize(k * sizeof(q8_0_panel) / sizeof(__m512i));
    columns.resize(k * width);
    q8_0_panel * panels = (q8_0_panel *) panel_memory.data();
    const __m256i ones = _mm256_set1_epi8(1);
    int64_t prepared = -1;
    for (int64_t job = duty * ith; job < end; ++job) {
        const int64_t chunk = job / ytiles;
        const int64_t first = chunk * width;
        const int64_t count = MIN(width, n - first);
        if (chunk != prepared) {
            for (int64_t j = 0; j < count; ++j) {
                const block_q8_0 * b = B + ldb * (first + j);
                for (int64_t l = 0; l < k; ++l) {
                    __m256i fours = _mm256_dpbusd_epi32(_mm256_setzero_si256(), ones, _mm256_loadu_si256((const __m256i *) b[l].qs));
                    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(fours), _mm256_extracti128_si256(fours, 1));
                    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4E));
                    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xB1));
                    columns[k * j + l] = { -128 * _mm_cvtsi128_si32(s), unhalf(b[l].d) };
                }
            }
            prepared = chunk;
        }

        const int64_t ii = job % ytiles * 16;
        q8_0_pack(k, A + lda * ii, lda, panels);
        int64_t j = 0;
        for (; j + RN <= count; j += RN) {
            q8_0_tile<RN>(k, panels, B + ldb * (first + j), ldb, columns.data() + k * j, C + ldc * (first + j) + ii, ldc);
        }
        const block_q8_0 *  b = B + ldb * (first + j);
        const q8_0_column * d = columns.data() + k * j;
        float *             c = C + ldc * (first + j) + ii;
        switch (count - j) {
        case 7: q8_0_tile<7>(k, panels, b, ldb, d, c, ldc); break;
        case 6: q8_0_tile<6>(k, panels, b, ldb, d, c, ldc); break;
        case 5: q8_0_tile<5>(k, panels, b, ldb, d, c, ldc); break;
        case 4: q8_0_tile<4>(k, panels, b, ldb, d, c, ldc); break;
        case 3: q8_0_tile<3>(k, panels, b, ldb, d, c, ldc); break;
        case 2: q8_0_tile<2>(k, panels, b, ldb, d, c, ldc); break;
        case 1: q8_0_tile<1>(k, panels, b, ldb, d, c, ldc); break;
        }
    }
}
#endif
