using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Files.States;
using ActorMD.Files.Whole;
using ActorMD.Physics;
using ActorMD.Runs.Simulations;

namespace ActorMD.Runs.Output;

/// <summary>
/// <c>diagnosis.json</c>: what is known after a violation of the physics; beside it <c>diagnosis.extxyz</c>, a frame of the particles that
/// it concerns and of what is near them.
/// </summary>
/// <param name="Schema">Format of this file.</param>
/// <param name="Message">What was violated.</param>
/// <param name="Name">Of the run.</param>
/// <param name="Version">Of ActorMD.</param>
/// <param name="Seed">With case.yaml it repeats the run to the last bit.</param>
/// <param name="Time">Simulation time.</param>
/// <param name="EventsByOrder">Index 1 wall bounces, 2 pair collisions, 3 and up zone events.</param>
/// <param name="MultipleEvents">Events at the same instant as an earlier one of a participant.</param>
/// <param name="GrazingEvents">Events with a vanishing approach speed.</param>
/// <param name="Particles">Those that it concerns, as of their last events; empty where it concerns all.</param>
/// <param name="FrameIds">Ids of the particles of diagnosis.extxyz in the order of its lines.</param>
public sealed record Diagnosis(
    string Schema,
    string Message,
    string Name,
    string Version,
    ulong Seed,
    double Time,
    ImmutableArray<long> EventsByOrder,
    long MultipleEvents,
    long GrazingEvents,
    ImmutableArray<DiagnosedParticle> Particles,
    ImmutableArray<int> FrameIds)
{
    private const double NearInReaches = 3;

    [JsonIgnore]
    internal ParticleFrame? Frame { get; private init; }

    public static Diagnosis Of(Case @case, ISimulation simulator, PhysicsViolationException violation)
    {
        // Several domains cannot be asked for a consistent state any more.
        SystemState? state = violation.Particles.IsEmpty || simulator is not SerialSimulation ? null : simulator.Capture();
        ImmutableArray<int> near = state is null ? [] : Near(@case.Gas, state, violation.Particles);
        return new Diagnosis(
            "actormd-diagnosis/1", violation.Message, @case.Name, ProductVersion.Text, @case.Seed, simulator.Time,
            [.. simulator.Tally.OrderCounts], simulator.Tally.MultipleCount, simulator.Tally.GrazingCount,
            state is null ? [] : [.. violation.Particles.Select(id => DiagnosedParticle.Of(@case.Gas, state, id))], near)
        {
            Frame = state is null ? null : ParticleFrame.Of(@case.Gas, new SystemState(
                [.. near.Select(id => state.Particles[id])], state.EpochLength, state.Epoch, state.Time)),
        };
    }

    /// <summary>Writes both files.</summary>
    public void Write(RunFolder folder)
    {
        WholeFile.Write(folder.DiagnosisPath, JsonSerializer.Serialize(this, DiagnosisJson.Default.Diagnosis) + "\n");
        if (Frame is not null)
        {
            using TrajectoryWriter writer = TrajectoryWriter.Create(folder.DiagnosisFramePath, TrajectoryFormat.ExtXyz);
            writer.Append(Frame, 0);
        }
    }

    private static ImmutableArray<int> Near(Gas gas, SystemState state, ImmutableArray<int> ids)
    {
        double reach = NearInReaches * gas.ReachMax;
        Vec3[] positions = [.. ids.Select(id => state.Particles[id].PositionAt(state.Time))];
        return
        [
            .. Enumerable.Range(0, state.Particles.Length).Where(id => positions.Any(
                position => gas.Box.NearestImage(state.Particles[id].PositionAt(state.Time) - position).LengthSquared <= reach * reach)),
        ];
    }
}

/// <summary>A particle as of its last event.</summary>
/// <param name="Id">In the order of the case.</param>
/// <param name="Species">Its name.</param>
/// <param name="Diameter">Of the species.</param>
/// <param name="Position">One number an axis.</param>
/// <param name="Velocity">One number an axis.</param>
/// <param name="LastEvent">When that was, as an offset from the start of the epoch.</param>
public sealed record DiagnosedParticle(
    int Id, string Species, double Diameter, ImmutableArray<double> Position, ImmutableArray<double> Velocity, double LastEvent)
{
    internal static DiagnosedParticle Of(Gas gas, SystemState state, int id)
    {
        ParticleState particle = state.Particles[id];
        (int species, _, double diameter) = gas.Kinds[particle.Kind];
        return new DiagnosedParticle(
            id, gas.Species[species].Name, diameter, Components(particle.Position), Components(particle.Velocity), particle.Time);

        ImmutableArray<double> Components(Vec3 vector) => [.. Enumerable.Range(0, gas.Dimension).Select(axis => vector[axis])];
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class DiagnosisJson : JsonSerializerContext;
