"""Training steps in PyTorch, block by block as the standard input asks: a number of steps in a line, their milliseconds in a line back."""
import sys
import time

import torch
from torch import nn


def mnist(first, second):
    return nn.Sequential(
        first, nn.ReLU(), nn.MaxPool2d(2), second, nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 64), nn.ReLU(), nn.Linear(64, 10))


def separable(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, inputs, 3, groups=inputs, bias=False), nn.Conv2d(inputs, outputs, 1))


def mobilenet_v1(width, strides):
    def scaled(channels):
        return int(channels * width)

    def convolution(inputs, outputs, kernel, stride, groups=1):
        return [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]

    layers = convolution(3, scaled(32), 3, strides[0])
    inputs = scaled(32)
    plan = [(64, 1), (128, strides[1]), (128, 1), (256, strides[2]), (256, 1), (512, strides[3])]
    plan += [(512, 1)] * 5 + [(1024, strides[4]), (1024, 1)]
    for channels, stride in plan:
        outputs = scaled(channels)
        layers += convolution(inputs, inputs, 3, stride, groups=inputs)
        layers += convolution(inputs, outputs, 1, 1)
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


NETWORKS = {
    "mnist-standard": (lambda: mnist(nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)), (1, 28, 28)),
    "mnist-separable": (lambda: mnist(separable(1, 32), separable(32, 64)), (1, 28, 28)),
    "mobilenet-v1-32": (lambda: mobilenet_v1(1, (1, 1, 2, 2, 2)), (3, 32, 32)),
    "mobilenet-v1-0.25-96": (lambda: mobilenet_v1(0.25, (2, 2, 2, 2, 2)), (3, 96, 96)),
}


def main():
    name, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    build, shape = NETWORKS[name]
    model = build()
    optimizer = torch.optim.Adam(model.parameters())
    loss_function = nn.CrossEntropyLoss()
    images = torch.rand(batch, *shape)
    classes = torch.arange(batch) % 10
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            optimizer.zero_grad()
            loss = loss_function(model(images), classes)
            loss.backward()
            optimizer.step()
            loss.item()
            times.append((time.perf_counter() - start) * 1000)
        print(" ".join(f"{milliseconds:.4f}" for milliseconds in times), flush=True)


main()
