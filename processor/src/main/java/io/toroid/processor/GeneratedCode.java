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
import java.util.stream.IntStream;

/**
 * A model as C++, ready for the native build.
 *
 * @param kernels each becomes a translation unit of its own, so that an edited operator recompiles only its kernel,
 *     unless there are more than {@code mostUnits}
 * @param packing the kernels that only pack operands; they share a translation unit
 * @param blob the values of the stored constants
 * @param blobHash SHA-256 of these, or empty if there are none
 * @param mostUnits into how many translation units kernels go at most
 */
public record GeneratedCode(
        TracedModel model, ConstantTable constants, List<KernelSource> kernels, List<KernelSource> packing,
        String wrapper, String constantsSource, byte[] blob, String blobHash, int mostUnits) {

    private static final String PACK_UNIT = "packing";

    /** The same with fewer translation units: quicker to compile all at once, slower after an edit. */
    public GeneratedCode inUnits(int most) {
        return new GeneratedCode(model, constants, kernels, packing, wrapper, constantsSource, blob, blobHash, most);
    }

    /** The sources for a reader: name to text. */
    public SequencedMap<String, String> sources() {
        SequencedMap<String, String> sources = new LinkedHashMap<>();
        sources.put("wrapper", wrapper);
        sources.put("constants", constantsSource);
        int units = Math.min(mostUnits, kernels.size());
        for (int unit = 0; unit < units; unit++) {
            int first = unit;
            List<KernelSource> own = IntStream.range(0, kernels.size()).filter(i -> i % units == first).mapToObj(kernels::get).toList();
            sources.put(own.getFirst().name(), unit(own));
        }
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
