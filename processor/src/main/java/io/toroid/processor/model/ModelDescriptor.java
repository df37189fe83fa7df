package io.toroid.processor.model;

import java.util.List;

/**
 * A {@code @Model} class as its source declares it.
 *
 * @param className binary name
 * @param packageName its package, empty for the unnamed one
 * @param simpleName simple name of the class
 * @param facadeName simple name of the façade, which stands in the same package
 * @param weights resource path of the weight file, empty if it has none
 * @param weightNames binary name of the class that says what the weight file calls the parameters
 * @param entries in order of declaration, with distinct names
 */
public record ModelDescriptor(
        String className,
        String packageName,
        String simpleName,
        String facadeName,
        String weights,
        String weightNames,
        List<EntryDescriptor> entries) {

    public ModelDescriptor {
        entries = List.copyOf(entries);
    }

    /** {@code a.b.CompiledDigits}. */
    public String qualifiedFacadeName() {
        return packageName.isEmpty() ? facadeName : packageName + "." + facadeName;
    }
}
