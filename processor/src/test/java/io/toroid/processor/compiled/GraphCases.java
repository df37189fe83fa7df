package io.toroid.processor.compiled;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All cases, family by family. */
public final class GraphCases {

    private GraphCases() {
    }

    public static List<GraphCase> all() {
        List<GraphCase> cases = new ArrayList<>();
        cases.addAll(PointwiseCases.all());
        cases.addAll(NarrowCases.all());
        cases.addAll(ArithmeticCases.all());
        cases.addAll(ActivationCases.all());
        cases.addAll(ReductionCases.all());
        cases.addAll(KernelCases.all());
        cases.addAll(ViewCases.all());
        cases.addAll(RearrangingCases.all());
        cases.addAll(MatrixCases.all());
        cases.addAll(ImageCases.all());
        cases.addAll(VolumeCases.all());
        cases.addAll(ResamplingCases.all());
        cases.addAll(FusionCases.all());
        cases.addAll(ControlCases.all());
        cases.addAll(DataSizedCases.all());
        cases.addAll(CustomCases.all());
        cases.addAll(RandomNumberCases.all());
        cases.addAll(ScenarioCases.all());
        Set<String> names = new HashSet<>();
        for (GraphCase graphCase : cases) {
            if (!names.add(graphCase.name())) {
                throw new IllegalStateException("two cases are named " + graphCase);
            }
        }
        return cases;
    }
}
