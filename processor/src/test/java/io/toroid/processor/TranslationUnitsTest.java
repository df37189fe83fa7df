package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.toroid.processor.toolchain.Linkage;
import io.toroid.processor.toolchain.TranslationUnit;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the C++ compiler is given of a model, and so what an edit of the model compiles anew. */
@Tag("javac")
class TranslationUnitsTest {

    private static final String MODEL = """
            package units;

            @io.toroid.Model(weights = "weights.safetensors")
            public class Units {
                private final io.toroid.nn.Linear linear = new io.toroid.nn.Linear(8, 24);

                @io.toroid.Entry
                @io.toroid.Dim(name = "batch", max = 64)
                public io.toroid.Tensor run(@io.toroid.Spec("f32[batch, 8]") io.toroid.Tensor x) {
                    return linear.apply(x).mul(0.5).softmax(-1);
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void aLineAddedAboveCompilesNothingAnew() {
        GeneratedCode code = generate("one", MODEL);
        GeneratedCode shifted = generate("two", MODEL.replace("@io.toroid.Model", "/** Softmax. */\n@io.toroid.Model"));
        assertNotEquals(code.sources(), shifted.sources());
        assertEquals(code.units("native", Linkage.STANDALONE), shifted.units("native", Linkage.STANDALONE));
    }

    @Test
    void anEditedOperatorCompilesItsKernelAnew() {
        List<TranslationUnit> units = generate("one", MODEL).units("native", Linkage.STANDALONE);
        List<TranslationUnit> edited = generate("two", MODEL.replace("0.5", "0.25")).units("native", Linkage.STANDALONE);
        assertEquals(List.of("wrapper", "constants", "cpp_fused_linear_mul_1", "cpp_fused_softmax_2", "packing", "container"),
                units.stream().map(TranslationUnit::name).toList());
        List<String> changed = edited.stream().filter(unit -> !units.contains(unit)).map(TranslationUnit::name).toList();
        assertEquals(List.of("cpp_fused_linear_mul_1"), changed);
    }

    @Test
    void onlyKernelsAreOptimizedToTheUtmost() {
        assertEquals(List.of("cpp_fused_linear_mul_1", "cpp_fused_softmax_2", "packing"),
                generate("one", MODEL).units("native", Linkage.STANDALONE).stream().filter(TranslationUnit::isHot).map(TranslationUnit::name).toList());
    }

    private GeneratedCode generate(String project, String source) {
        return Objects.requireNonNull(SourceModel.trace(directory.resolve(project), "units/Units.java", source, "weights.safetensors",
                List.of("linear.weight: f32[24, 8]", "linear.bias: f32[24]"), Pipeline::generate));
    }
}
