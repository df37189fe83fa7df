/** Hand-written digits: two small models on real images, and a command that tries them. */
package io.toroid.examples.digits;
