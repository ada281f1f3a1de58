package com.example.exchange;

import dev.taskport.hexagon.Hexagon;
import dev.taskport.hexagon.HexagonContract;
import dev.taskport.hexagon.Layer;
import dev.taskport.hexagon.UseCaseContract;

class ArchitectureTest implements HexagonContract, UseCaseContract {
  private static final String[] JDK = {"java.lang", "java.math", "java.util", "java.util.function"};

  private static final Hexagon HEXAGON =
      Hexagon.in("com.example.exchange", Layer.in("com.example.exchange.domain..").using(JDK))
          .application(Layer.in("com.example.exchange.application..").using(JDK))
          .drivingAdapters(Layer.in("com.example.exchange.terminal..").using("java.."))
          .drivenAdapters(Layer.in("com.example.exchange.rates..").using("java.."))
          .app(Layer.in("com.example.exchange").using("java.."));

  @Override
  public Hexagon hexagon() {
    return HEXAGON;
  }
}
