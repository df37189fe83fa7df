/** Weight files that only the compiler reads, and weights under other names than a file's own. */
package io.toroid.processor.weights;
