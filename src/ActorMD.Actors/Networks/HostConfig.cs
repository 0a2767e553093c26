using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace ActorMD.Actors.Networks;

/// <summary>Settings of actor systems that do not depend on the runtime.</summary>
internal static class HostConfig
{
    /// <summary>Domains compute on threads of their own, so that nothing else ever waits for a window.</summary>
    public const string ComputeDispatcher = "actormd.compute-dispatcher";

    /// <summary>The coordinator and the node have a thread each: what they do is short and must not wait behind other actors.</summary>
    public const string ControlDispatcher = "actormd.control-dispatcher";

    /// <summary>The name of every actor system.</summary>
    public const string SystemName = "actormd";

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

    /// <summary>An actor system that talks to no other one.</summary>
    public static ActorSystem CreateLocalSystem(int workers) => ActorSystem.Create(
        SystemName,
        ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(Dispatchers(workers).WithFallback(ConfigurationFactory.ParseString(
            """
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              coordinated-shutdown {
                exit-clr = off
                run-by-clr-shutdown-hook = off
                run-by-actor-system-terminate = off
              }
            }
            """)))));
}
