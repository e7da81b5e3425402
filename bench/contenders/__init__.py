"""The contenders: programs that do the same job, each as its framework's users would write it."""
