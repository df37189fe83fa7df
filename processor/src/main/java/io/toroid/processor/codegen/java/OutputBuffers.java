package io.toroid.processor.codegen.java;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import io.toroid.Tensor;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TracedEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters by which a caller gives memory for outputs: a tensor for each component of the record that the entry returns, an array of
 * tensors for one that holds several.
 */
final class OutputBuffers {

    private record Buffer(String name, Structure value, int first) {
    }

    private final TracedEntry entry;
    private final List<Buffer> buffers = new ArrayList<>();

    /** @param taken names of other parameters */
    OutputBuffers(TracedEntry entry, List<String> taken) {
        this.entry = entry;
        List<Structure.Member> members = entry.descriptor().output() instanceof Structure.Group group
                ? group.members() : List.of(new Structure.Member("output", entry.descriptor().output()));
        int first = 0;
        for (Structure.Member member : members) {
            String name = taken.contains(member.name()) ? member.name() + "Output" : member.name();
            buffers.add(new Buffer(name, member.value(), first));
            first += member.value().count();
        }
    }

    void declare(MethodSpec.Builder method) {
        for (Buffer buffer : buffers) {
            boolean single = buffer.value() instanceof Structure.Leaf;
            method.addParameter(single ? FacadeTypes.TENSOR : ArrayTypeName.of(FacadeTypes.TENSOR), buffer.name());
            List<Tensor> tensors = entry.outputs().subList(buffer.first(), buffer.first() + buffer.value().count());
            String dataSizes = DataSizeText.of(tensors);
            method.addJavadoc("@param $L takes {@code $L}$L$L\n", buffer.name(), StructureText.of(buffer.value(), tensors.stream().map(Tensor::type).iterator()),
                    dataSizes, dataSizes.isEmpty() ? "" : ", and the call fails unless it has exactly these sizes");
        }
    }

    /** Expressions for the tensors in them; the method checks the lengths of arrays. */
    List<CodeBlock> leaves(String constant, MethodSpec.Builder method) {
        List<CodeBlock> leaves = new ArrayList<>();
        for (Buffer buffer : buffers) {
            if (buffer.value() instanceof Structure.Leaf) {
                leaves.add(CodeBlock.of("$N", buffer.name()));
                continue;
            }
            int count = buffer.value().count();
            method.addStatement("require($L, $S, $N, $L)", constant, buffer.name(), buffer.name(), count);
            for (int i = 0; i < count; i++) {
                leaves.add(CodeBlock.of("$N[$L]", buffer.name(), i));
            }
        }
        return leaves;
    }
}
