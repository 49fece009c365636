namespace Sepal.Training;

/// <summary>What a teacher adds to the loss of one example.</summary>
internal static class DistillationRow
{
    /// <summary>
    /// <c>share·T²·KL(softmax(teacher / T) ‖ softmax(student / T))</c>, whose gradient by a student's logit is
    /// <c>share·T·(student's − teacher's soft probability)</c>.
    /// </summary>
    /// <param name="student">The model's logits.</param>
    /// <param name="teacher">The teacher's.</param>
    /// <param name="temperature">T.</param>
    /// <param name="share">What it is multiplied by.</param>
    /// <param name="scale">What the gradient is multiplied by further: 1 / batch.</param>
    /// <param name="gradient">The gradient by the student's logits is added here; empty when it is not wanted.</param>
    /// <returns>The term.</returns>
    public static float Add(
        ReadOnlySpan<float> student, ReadOnlySpan<float> teacher, double temperature, double share, float scale, Span<float> gradient)
    {
        double studentSum = LogSumExp(student, temperature);
        double teacherSum = LogSumExp(teacher, temperature);
        double slope = scale * share * temperature;
        double divergence = 0;
        for (int index = 0; index < student.Length; index++)
        {
            double studentLog = (student[index] / temperature) - studentSum;
            double teacherLog = (teacher[index] / temperature) - teacherSum;
            double probability = Math.Exp(teacherLog);
            divergence += probability * (teacherLog - studentLog);
            if (!gradient.IsEmpty)
            {
                gradient[index] += (float)(slope * (Math.Exp(studentLog) - probability));
            }
        }

        return (float)(share * temperature * temperature * divergence);
    }

    private static double LogSumExp(ReadOnlySpan<float> logits, double temperature)
    {
        float largest = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = MathF.Max(largest, logit);
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp((logit - (double)largest) / temperature);
        }

        return (largest / temperature) + Math.Log(sum);
    }
}
