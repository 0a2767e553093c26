namespace ActorMD.Files.Yaml;

/// <summary>Finds the word that a misspelt one was meant to be.</summary>
public static class Suggestion
{
    /// <summary>The candidate with the smallest edit distance, or one that contains the word; null when none is near.</summary>
    public static string? For(string word, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int distanceMin = 1 + (word.Length < 3 ? 0 : Math.Max(1, word.Length / 3));
        foreach (string candidate in candidates)
        {
            bool contains = word.Length >= 3 && candidate.Contains(word, StringComparison.OrdinalIgnoreCase);
            int distance = contains ? 1 : Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < distanceMin)
            {
                distanceMin = distance;
                nearest = candidate;
            }
        }

        return nearest;
    }

    /// <summary>"did you mean 'x'?", or the list of what is possible.</summary>
    public static string Remedy(string word, IReadOnlyCollection<string> candidates)
    {
        string list = string.Join(", ", candidates.Distinct());
        return For(word, candidates) is { } nearest ? $"did you mean '{nearest}'? Possible are {list}" : $"possible are {list}";
    }

    // Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours.
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                int replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], 1 + d[i - 2, j - 2]);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
