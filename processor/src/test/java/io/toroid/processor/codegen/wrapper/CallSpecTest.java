package io.toroid.processor.codegen.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.Structure;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The structure of inputs and outputs, against what PyTorch 2.13 prints for {@code (x, {"pixels": p, "parts": [a, b]})}. */
@Tag("unit")
class CallSpecTest {

    private static final Structure LEAF = new Structure.Leaf(Structure.Kind.TENSOR);

    private static final Structure GROUP = new Structure.Group("a.Sample", "Sample", List.of(
            new Structure.Member("pixels", LEAF),
            new Structure.Member("parts", new Structure.Sequence(/* isList= */ true, List.of(LEAF, LEAF)))));

    private static final String PRINTED = """
            {"type": "builtins.dict", "context": "[\\"pixels\\", \\"parts\\"]", "children_spec": [{"type": null, "context": null, "children_spec": []}, \
            {"type": "builtins.list", "context": "null", "children_spec": [{"type": null, "context": null, "children_spec": []}, \
            {"type": null, "context": null, "children_spec": []}]}]}""";

    private static EntryDescriptor entry(Structure output) {
        return new EntryDescriptor("run", List.of(new Structure.Member("x", new Structure.Leaf(Structure.Kind.SIZE)), new Structure.Member("sample", GROUP)),
                List.of(), output, List.of());
    }

    @Test
    void theFormIsPyTorchs() {
        assertEquals(compact("""
                [1, {"type": "builtins.tuple", "context": "null", "children_spec": [{"type": "builtins.tuple", "context": "null", "children_spec": [\
                {"type": null, "context": null, "children_spec": []}, %s]}, {"type": "builtins.dict", "context": "[]", "children_spec": []}]}]"""
                .formatted(PRINTED)), CallSpec.in(entry(LEAF)));
        assertEquals(compact("[1, %s]".formatted(PRINTED)), CallSpec.out(entry(GROUP)));
        assertEquals(compact("[1, {\"type\": null, \"context\": null, \"children_spec\": []}]"), CallSpec.out(entry(LEAF)));
    }

    /** PyTorch puts blanks between members; in the context, which is a text, they stay. */
    private static String compact(String json) {
        return json.replaceAll("(?<!\\\\\"), (?=[\\[{\"])", ",").replace("\": ", "\":");
    }
}
