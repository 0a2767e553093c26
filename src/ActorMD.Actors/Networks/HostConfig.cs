using System.Net.Sockets;
using ActorMD.Files.Inputs;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace ActorMD.Actors.Networks;

/// <summary>Settings of actor systems that do not depend on the runtime.</summary>
internal static class HostConfig
{
    /// <summary>Domains compute on threads of their own, so that nothing else ever waits for a slice.</summary>
    public const string ComputeDispatcher = "actormd.compute-dispatcher";

    /// <summary>The coordinator and the node have a thread each: what they do is short and must not wait behind other actors.</summary>
    public const string ControlDispatcher = "actormd.control-dispatcher";

    /// <summary>The name of every actor system.</summary>
    public const string SystemName = "actormd";

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    /// <summary>The dispatchers of a process.</summary>
    /// <param name="workers">Threads for its domains.</param>
    public static Config Dispatchers(int workers) => ConfigurationFactory.ParseString(FormattableString.Invariant($$"""
        actormd {
          compute-dispatcher {
            type = ForkJoinDispatcher
            throughput = 1
            dedicated-thread-pool { thread-count = {{workers}}, threadtype = background }
          }
          control-dispatcher {
            type = PinnedDispatcher
            throughput = 20
          }
        }
        """));

    /// <summary>Starts an actor system. With a class named wrongly in its settings Akka.NET throws, or waits for ever.</summary>
    /// <param name="setup">Has the settings.</param>
    /// <param name="where">They come from there, for people.</param>
    /// <exception cref="InputFaultException">The settings are wrong.</exception>
    /// <exception cref="ClusterException">The address cannot be listened at, or the system does not start in time.</exception>
    public static ActorSystem Start(ActorSystemSetup setup, string where)
    {
        Task<ActorSystem> starting = Task.Run(() =>
        {
            ActorSystem system = ActorSystem.Create(SystemName, setup);
            // Akka.NET makes dispatchers when they are first wanted, in the middle of the run.
            system.Dispatchers.Lookup(ComputeDispatcher);
            system.Dispatchers.Lookup(ControlDispatcher);
            return system;
        });
        try
        {
            return starting.Wait(StartTime)
                ? starting.Result
                : throw ClusterException.NotStarted(where, $"it has not begun after {StartTime.TotalSeconds} s", null);
        }
        catch (AggregateException error) when (SocketFault(error) is { } cause)
        {
            throw ClusterException.NotStarted(where, cause.Message, cause);
        }
        catch (AggregateException error)
        {
            throw new InputFaultException(new InputFault(
                where, null, null, $"the actor system cannot start: {error.GetBaseException().Message}",
                "correct the settings of akka and actormd there"));
        }
    }

    private static SocketException? SocketFault(Exception? error) =>
        error is null ? null : error as SocketException ?? SocketFault(error.InnerException);

    /// <summary>An actor system that talks to no other one.</summary>
    public static ActorSystem StartLocal(int workers) => Start(
        ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(Dispatchers(workers).WithFallback(ConfigurationFactory.ParseString(
            """
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              # Nothing here is due to a hundredth of a second, and every tick wakes two threads.
              scheduler.tick-duration = 50ms
              coordinated-shutdown {
                exit-clr = off
                run-by-clr-shutdown-hook = off
                run-by-actor-system-terminate = off
              }
            }
            """)))), "ActorMD's own settings");
}
