using System.Diagnostics;

namespace ActorMD.Actors.Links;

/// <summary>Passes on what is to be told, and the same not again for a minute: whoever is refused dials again.</summary>
internal sealed class DataReports(Action<string> report)
{
    private const int CountMax = 256;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, long> _last = [];

    public void Add(string text)
    {
        lock (_last)
        {
            if (_last.TryGetValue(text, out long stamp) && Stopwatch.GetElapsedTime(stamp) < Silence)
            {
                return;
            }

            // Whoever invents ever new reasons gets them told again, and no memory.
            if (_last.Count == CountMax)
            {
                _last.Clear();
            }

            _last[text] = Stopwatch.GetTimestamp();
        }

        report(text);
    }
}
