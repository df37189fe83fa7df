package io.toroid.processor;

import io.toroid.processor.codegen.constants.ConstantTable;
import io.toroid.processor.codegen.cpp.KernelSource;
import io.toroid.processor.model.TracedModel;
import io.toroid.processor.toolchain.TranslationUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A model as C++, ready for the native build.
 *
 * @param kernels each becomes a translation unit of its own, so that an edited operator recompiles only its kernel;
 *     those that only pack weights share one
 * @param blob the values of the stored constants
 * @param blobHash SHA-256 of these, or empty if there are none
 */
public record GeneratedCode(
        TracedModel model, ConstantTable constants, List<KernelSource> kernels, String wrapper, String constantsSource,
        byte[] blob, String blobHash) {

    private static final String PACK_UNIT = "packing";

    /** The sources for a reader: name to text. */
    public SequencedMap<String, String> sources() {
        SequencedMap<String, String> sources = new LinkedHashMap<>();
        sources.put("wrapper", wrapper);
        sources.put("constants", constantsSource);
        List<KernelSource> packing = kernels.stream().filter(GeneratedCode::packs).toList();
        kernels.stream().filter(kernel -> !packs(kernel))
                .forEach(kernel -> sources.put(kernel.name(), unit(List.of(kernel))));
        if (!packing.isEmpty()) {
            sources.put(PACK_UNIT, unit(packing));
        }
        return sources;
    }

    /** The sources for the compiler; what says for which instruction set it is built is told so. */
    public List<TranslationUnit> units(String isa) {
        List<TranslationUnit> units = new ArrayList<>();
        sources().forEach((name, text) -> units.add(new TranslationUnit(
                name, name.equals("wrapper") ? "#define TOROID_ISA \"" + isa + "\"\n" + text : text)));
        units.add(new TranslationUnit("container", "#include <toroid/container_exports.h>\n"));
        return units;
    }

    private static boolean packs(KernelSource kernel) {
        return kernel.text().startsWith("// the operand of");
    }

    private static String unit(List<KernelSource> kernels) {
        Set<String> includes = new LinkedHashSet<>();
        kernels.forEach(kernel -> includes.addAll(kernel.includes()));
        StringBuilder text = new StringBuilder();
        includes.stream().sorted().forEach(include -> text.append("#include <").append(include).append(">\n"));
        text.append("\nnamespace toroid::generated {\n");
        kernels.forEach(kernel -> text.append('\n').append(kernel.text()));
        return text.append("\n}  // namespace toroid::generated\n").toString();
    }
}
