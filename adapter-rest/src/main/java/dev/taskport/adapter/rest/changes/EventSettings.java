package dev.taskport.adapter.rest.changes;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The settings of event streams.
 *
 * @param interval how often the store is asked for news, while there are streams
 * @param heartbeat how often a stream says that it is still there. A client that has taken nothing
 *     between two heartbeats is cut off.
 * @param lifetime how long a stream may stay open
 * @param maxPerUser how many streams of one user an instance keeps open
 * @param maxStreams how many streams an instance keeps open
 */
@ConfigurationProperties("taskport.events")
record EventSettings(
    @Bindable(defaultValue = "500ms") Duration interval,
    @Bindable(defaultValue = "15s") Duration heartbeat,
    @Bindable(defaultValue = "1d") Duration lifetime,
    @Bindable(defaultValue = "100") int maxPerUser,
    @Bindable(defaultValue = "10000") int maxStreams) {}
