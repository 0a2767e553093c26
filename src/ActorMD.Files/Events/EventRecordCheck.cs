using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Files.Events;

/// <summary>Whether the events of a log, one after the other, can have happened to particles of its header.</summary>
/// <param name="header">Of the log.</param>
internal sealed class EventRecordCheck(EventLogHeader header)
{
    private byte[] _before = [];
    private bool _hasBefore;

    /// <summary>Number of the event that was looked at last, from 0.</summary>
    public long Number { get; private set; } = -1;

    /// <summary>What is wrong with the next event; null if nothing.</summary>
    public string? Problem(EventRecord happened)
    {
        Number++;
        return TimeProblem(happened) ?? IdProblem(happened) ?? VectorProblem(happened) ?? OrderProblem(happened);
    }

    private string? TimeProblem(EventRecord happened)
    {
        // An event of an instant before the epoch's end may be rounded onto it.
        bool isSound = happened.Epoch >= 0 && happened.Time >= 0 && happened.Time <= header.EpochLength && double.IsFinite(happened.Time)
            && (happened.Epoch == 0 || double.IsFinite(header.EpochLength));
        return isSound ? null : "has no time of a run";
    }

    private string? IdProblem(EventRecord happened)
    {
        for (int k = 0; k < happened.Count; k++)
        {
            if (happened.Id(k) < 0 || happened.Id(k) >= header.ParticleCount || (k > 0 && happened.Id(k) <= happened.Id(k - 1)))
            {
                return FormattableString.Invariant($"has the id {happened.Id(k)}: ids ascend, and are below {header.ParticleCount}");
            }
        }

        return null;
    }

    private string? VectorProblem(EventRecord happened)
    {
        bool isSound = true;
        for (int k = 0; k < happened.ImpactCount; k++)
        {
            isSound &= IsSound(happened.Impact(k));
        }

        for (int k = 0; k < happened.Count; k++)
        {
            isSound &= IsSound(happened.VelocityBefore(k)) && IsSound(happened.VelocityAfter(k));
        }

        return isSound ? null : "has an impact or a velocity that is no vector of finite numbers";
    }

    private string? OrderProblem(EventRecord happened)
    {
        bool isSound = !_hasBefore || EventRecord.Compare(new EventRecord(_before), happened) <= 0;
        _before = happened.ToArray(_before);
        _hasBefore = true;
        return isSound ? null : "stands after one that comes later";
    }

    private bool IsSound(Vec3 vector) =>
        double.IsFinite(vector.X) && double.IsFinite(vector.Y) && (header.Dimension == 3 ? double.IsFinite(vector.Z) : vector.Z == 0);
}
