package dev.taskport.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The methods of a port, to see that a test has tried each of them. */
final class Operations {
  private Operations() {}

  /** Their names. */
  static Set<String> of(Class<?> port) {
    return Arrays.stream(port.getMethods())
        .map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Notes the names of the methods that are called on the store. */
  static <T> T recorded(Class<T> port, T store, Set<String> called) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              called.add(method.getName());
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
