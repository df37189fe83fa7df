package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against values computed with forty digits. */
@Tag("unit")
class ErrorFunctionTest {

    private static final double RELATIVE = 2e-15;

    @ParameterizedTest
    @CsvSource({
            "-30, -1.0, 2.0",
            "-5.5, -0.9999999999999927, 1.9999999999999927",
            "-2, -0.9953222650189527, 1.9953222650189528",
            "-1.25, -0.9229001282564583, 1.9229001282564582",
            "-0.5, -0.5204998778130465, 1.5204998778130465",
            "-1e-10, -1.1283791670955126e-10, 1.000000000112838",
            "0, 0.0, 1.0",
            "1e-300, 1.1283791670955126e-300, 1.0",
            "0.1, 0.1124629160182849, 0.887537083981715",
            "0.4999, 0.5204119951613866, 0.4795880048386134",
            "0.5, 0.5204998778130465, 0.4795001221869535",
            "0.9, 0.7969082124228322, 0.20309178757716786",
            "1, 0.8427007929497149, 0.15729920705028513",
            "1.5, 0.9661051464753108, 0.033894853524689274",
            "1.9999, 0.9953201979070294, 0.004679802092970608",
            "2, 0.9953222650189527, 0.004677734981047266",
            "2.5, 0.999593047982555, 0.0004069520174449589",
            "3, 0.9999779095030014, 2.209049699858544e-05",
            "4, 0.9999999845827421, 1.541725790028002e-08",
            "5, 0.9999999999984626, 1.537459794428035e-12",
            "6, 1.0, 2.1519736712498913e-17",
            "8, 1.0, 1.1224297172982926e-29",
            "10, 1.0, 2.088487583762545e-45",
            "20, 1.0, 5.395865611607901e-176",
            "26, 1.0, 5.663192408856143e-296",
            "26.5, 1.0, 2.2109076642637343e-307",
    })
    void agreesWithTheTable(double x, double erf, double erfc) {
        assertEquals(erf, ErrorFunction.erf(x), RELATIVE * Math.abs(erf), "erf");
        assertEquals(erfc, ErrorFunction.erfc(x), Math.max(1, x * x / 8) * RELATIVE * Math.abs(erfc), "erfc");
    }

    @Test
    void hasItsLimitsAtInfinity() {
        assertEquals(1, ErrorFunction.erf(Double.POSITIVE_INFINITY));
        assertEquals(-1, ErrorFunction.erf(Double.NEGATIVE_INFINITY));
        assertEquals(0, ErrorFunction.erfc(Double.POSITIVE_INFINITY));
        assertEquals(2, ErrorFunction.erfc(Double.NEGATIVE_INFINITY));
        assertEquals(Double.NaN, ErrorFunction.erf(Double.NaN));
        assertEquals(Double.NaN, ErrorFunction.erfc(Double.NaN));
    }

    @Test
    void keepsTheSignOfZero() {
        assertEquals(-0.0, ErrorFunction.erf(-0.0));
    }

    /** The two formulas must meet where one takes over from the other. */
    @Test
    void isSmoothWhereTheFormulaChanges() {
        for (double x : new double[] {0.5, 2}) {
            assertEquals(ErrorFunction.erf(Math.nextDown(x)), ErrorFunction.erf(x), 1e-15);
            assertEquals(ErrorFunction.erfc(Math.nextDown(x)), ErrorFunction.erfc(x), 1e-15);
        }
    }
}
