namespace ActorMD.Actors.Security;

/// <summary>Tells people what was refused and why, once a minute for each kind, whatever comes and however often.</summary>
/// <param name="tell">Gets the sentences; called on any thread.</param>
/// <param name="clock">For tests.</param>
internal sealed class Complaints(Action<string> tell, TimeProvider? clock = null)
{
    // Beyond this many kinds they are told as one: what is remembered does not grow with what comes.
    private const int KindsMax = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Dictionary<string, Kind> _kinds = [];

    /// <summary>Tells a sentence, unless its like was told less than a minute ago.</summary>
    /// <param name="text">The sentence.</param>
    /// <param name="kind">What it has in common with its like; null: all of it.</param>
    public void Add(string text, string? kind = null)
    {
        kind ??= text;
        lock (_kinds)
        {
            if (!_kinds.ContainsKey(kind) && _kinds.Count >= KindsMax)
            {
                kind = "";
            }

            long now = _clock.GetTimestamp();
            if (!_kinds.TryGetValue(kind, out Kind? known))
            {
                _kinds[kind] = new Kind { Told = now };
            }
            else if (_clock.GetElapsedTime(known.Told, now) < Interval)
            {
                known.Untold++;
                return;
            }
            else
            {
                text += known.Untold == 0 ? "" : FormattableString.Invariant($" ({known.Untold} more like it since the last message)");
                known.Told = now;
                known.Untold = 0;
            }
        }

        tell(text);
    }

    private sealed class Kind
    {
        public long Told { get; set; }

        public long Untold { get; set; }
    }
}
