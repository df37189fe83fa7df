package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.runtime.ConstantInfo.Kind;
import io.toroid.runtime.ModelManifest.EntryInfo;
import io.toroid.runtime.ModelManifest.FileInfo;
import io.toroid.runtime.ModelManifest.Variant;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ModelManifestTest {
    private static final ModelManifest MANIFEST = new ModelManifest(
            "a.b.Modèle", "0.1.0", 1,
            List.of(
                    new Variant("x86-64-v4", "linux-x86_64", CpuFeatures.ofLevel("x86-64-v4"), new FileInfo("x86-64-v4.so", "0a", "1a", 12)),
                    new Variant("x86-64", "linux-x86_64", List.of(), new FileInfo("x86-64.so", "0b", "1b", 34))),
            Optional.of(new FileInfo("constants.bin", "0c", "1c", 1L << 40)),
            List.of(
                    new ConstantInfo("a layer's weight", Kind.PARAMETER, DType.F32, List.of(128L, 64L), 0, 32768, false),
                    new ConstantInfo("scale", Kind.FOLDED, DType.F64, List.of(), 64, 8, true)),
            List.of(new EntryInfo(
                    "run", List.of(TensorInfo.parse("x\\y", "f32[batch, 2*n + 1]"), TensorInfo.parse("i", "i64[]")),
                    List.of(TensorInfo.parse("out", "bool[64]")))));

    @Test
    void textReadsBack() throws IOException {
        assertEquals(MANIFEST, read(MANIFEST.text()));
        ModelManifest bare = new ModelManifest("M", "0", 1, List.of(), Optional.empty(), List.of(), List.of());
        assertEquals(bare, read(bare.text()));
        assertFalse(MANIFEST.text().contains("#"), "no date");
        assertEquals("META-INF/toroid/a.B/manifest.properties", ModelManifest.resource("a.B"));
    }

    @Test
    void damageIsNamed() {
        damaged("abi is missing", MANIFEST.text().replaceAll("(?m)^abi=.*\n", ""));
        damaged("abi is not a number: one", MANIFEST.text().replace("abi=1", "abi=one"));
        damaged("variant.1.sha256 is missing", MANIFEST.text().replace("variant.1.sha256", "variant.1.sha"));
        damaged("variant.0.file is not the plain name of a file: ../../x.so", MANIFEST.text().replace("=x86-64-v4.so", "=../../x.so"));
        damaged("constant.0 has 'f99', which is not an element type", MANIFEST.text().replace("=parameter f32", "=parameter f99"));
        damaged("constant.0 has 2 of the seven parts of a constant", MANIFEST.text().replaceAll("=parameter .*", "=parameter f32"));
        damaged("constant.1 is not a number: sixty", MANIFEST.text().replace("- 64 8", "- sixty 8"));
        damaged("'learned' is not a kind of constant", MANIFEST.text().replace("=parameter", "=learned"));
        damaged("'bool64' is not a tensor type such as f32[batch, 64]", MANIFEST.text().replace("bool[64]", "bool64"));
        damaged("'byte' is not an element type", MANIFEST.text().replace("bool[64]", "byte[64]"));
        assertEquals(
                "m has format 7, and this version of the runtime reads format 2: use the same version of Toroid's runtime and processor",
                assertThrows(ToroidException.class, () -> read(MANIFEST.text().replace("format=2", "format=7"))).getMessage());
    }

    @Test
    void sizesOfATensor() {
        TensorInfo info = TensorInfo.parse("x", "f32[batch, 64]");
        assertEquals(2, info.rank());
        assertEquals(64, info.size(1).orElseThrow());
        assertEquals(true, info.size(0).isEmpty());
        assertEquals("x: f32[batch, 64]", info.toString());
    }

    private static ModelManifest read(String text) throws IOException {
        return ModelManifest.read(new StringReader(text), "m");
    }

    private static void damaged(String what, String text) {
        assertEquals("m is damaged: " + what, assertThrows(ToroidException.class, () -> read(text)).getMessage());
    }
}
