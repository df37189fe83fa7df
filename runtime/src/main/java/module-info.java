/**
 * What a compiled model needs at run time. Every call of native code is made from here, so an application enables native access for
 * this one module: {@code --enable-native-access=io.toroid.runtime}.
 */
module io.toroid.runtime {
    requires transitive io.toroid;
    requires static jdk.jfr;

    uses io.toroid.runtime.RuntimeCompiler;

    exports io.toroid.runtime;
    exports io.toroid.runtime.eager;
    exports io.toroid.runtime.weights;
}
